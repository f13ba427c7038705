package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamAttempt;
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
final class LanguageModelBackend implements Backend {

  private final ClusterSettings.LanguageModel settings;
  private final Json json;
  private final EventLoop loop;

  LanguageModelBackend(ClusterSettings.LanguageModel settings, Json json, EventLoop loop) {
    this.settings = settings;
    this.json = json;
    this.loop = loop;
  }

  @Override
  public Call begin(UpstreamAttempt attempt, List<Header> headers, boolean endOfStream, Flow flow) {
    ModelCall call = new ModelCall(attempt, headers);
    if (endOfStream) {
      call.answer();
    }
    return call;
  }

  private final class ModelCall extends BuiltInCall {

    ModelCall(UpstreamAttempt attempt, List<Header> headers) {
      super(loop, attempt, headers);
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
        stream(completion);
      } else {
        Duration all =
            settings.firstToken().plus(settings.perToken().multipliedBy(completion.tokens()));
        after(all, () -> respond(200, completion.whole()));
      }
    }

    private void stream(Completion completion) {
      after(
          settings.firstToken(),
          () -> {
            attempt.headers(
                List.of(
                    Header.of(":status", "200"),
                    Header.of("content-type", "text/event-stream"),
                    Header.of("cache-control", "no-cache")),
                false);
            next(completion, new ArrayList<>(completion.chunks()));
          });
    }

    private void next(Completion completion, List<Map<String, Object>> rest) {
      if (cancelled) {
        return;
      }
      boolean token = completion.isToken(rest.get(0));
      attempt.body(event(json.write(rest.remove(0))), false);
      if (rest.isEmpty()) {
        attempt.body(event("[DONE]"), true);
      } else {
        after(token ? settings.perToken() : Duration.ZERO, () -> next(completion, rest));
      }
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
