package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers as a server of language models does, with made-up words.
 *
 * <p>Source of the shapes: OpenAI API reference, "Create chat completion", "Create completion",
 * "List models" and "Streaming".
 */
final class LanguageModelCall extends BuiltInCall {

  private final ClusterSettings.LanguageModel settings;
  private final Json json;

  LanguageModelCall(
      EventLoop loop,
      UpstreamEvents attempt,
      List<Header> headers,
      ClusterSettings.LanguageModel settings,
      Json json) {
    super(loop, attempt, headers);
    this.settings = settings;
    this.json = json;
  }

  @Override
  void answer() {
    String path = Routes.withoutQuery(header(":path"));
    boolean get = header(":method").equals("GET") || isHead();
    switch (path) {
      case "/v1/models" -> {
        if (get) {
          respond(200, models());
        } else {
          refuse(405, "Only GET is allowed here.");
        }
      }
      case "/v1/chat/completions", "/v1/completions" -> {
        if (header(":method").equals("POST")) {
          complete(path.startsWith("/v1/chat"));
        } else {
          refuse(405, "Only POST is allowed here.");
        }
      }
      default -> refuse(404, "Unknown path: " + path);
    }
  }

  private void complete(boolean chat) {
    Completion completion;
    try {
      completion = Completion.of(chat, json.read(text()), settings);
    } catch (IllegalArgumentException e) {
      refuse(400, e.getMessage());
      return;
    }
    if (completion.stream()) {
      later(settings.firstToken(), () -> stream(completion));
    } else {
      Duration all =
          settings.firstToken().plus(settings.perToken().multipliedBy(completion.tokens()));
      after(all, () -> respond(200, completion.whole()));
    }
  }

  private void stream(Completion completion) {
    attempt.headers(
        List.of(
            Header.of(":status", "200"),
            Header.of("content-type", "text/event-stream"),
            Header.of("cache-control", "no-cache")),
        false);
    streamFrom(completion, 0);
  }

  private void streamFrom(Completion completion, int first) {
    for (int i = first; i < completion.chunkCount(); i++) {
      int chunk = i;
      if (waitsFor(() -> streamFrom(completion, chunk))) {
        return;
      }
      attempt.body(event(json.write(completion.chunk(chunk))), false);
      if (completion.isToken(chunk) && !settings.perToken().isZero()) {
        later(settings.perToken(), () -> streamFrom(completion, chunk + 1));
        return;
      }
    }
    attempt.body(event("[DONE]"), true);
  }

  private void respond(int status, Map<String, Object> body) {
    respond(status, "application/json", json.write(body));
  }

  private void refuse(int status, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("type", "invalid_request_error");
    error.put("param", null);
    error.put("code", null);
    respond(status, Map.of("error", error));
  }

  private Map<String, Object> models() {
    List<Object> data = new ArrayList<>();
    for (String model : settings.models()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("id", model);
      each.put("object", "model");
      each.put("created", 0);
      each.put("owned_by", "nametag");
      data.add(each);
    }
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("object", "list");
    list.put("data", data);
    return list;
  }

  private static ByteString event(String data) {
    return ByteString.utf8("data: " + data + "\n\n");
  }
}
