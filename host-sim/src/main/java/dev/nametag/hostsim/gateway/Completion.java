package dev.nametag.hostsim.gateway;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One answer of the built-in language model.
 *
 * <p>Counts can be foretold: a token of the prompt is a word between white space, and the answer
 * has as many tokens as are set, or as the request allows if those are fewer.
 *
 * @param promptTokens the words of the prompt, or of all messages together
 * @param tokens of the answer
 * @param cut whether the request allowed no more
 * @param usageInStream whether a last chunk of a stream says the usage
 */
record Completion(
    boolean chat,
    String id,
    long created,
    String model,
    int promptTokens,
    int tokens,
    boolean cut,
    boolean stream,
    boolean usageInStream) {

  private static final AtomicLong NEXT = new AtomicLong(1);

  /**
   * The answer to a request.
   *
   * @throws IllegalArgumentException when the request is refused, with a reason for the client
   */
  static Completion of(boolean chat, Object body, ClusterSettings.LanguageModel settings) {
    if (!(body instanceof Map<?, ?> request)) {
      throw new IllegalArgumentException("The body is not a JSON object.");
    }
    Object model = request.get("model") == null ? settings.models().get(0) : request.get("model");
    if (!(model instanceof String name) || !settings.models().contains(name)) {
      throw new IllegalArgumentException("The model `" + model + "` does not exist.");
    }
    int most = most(request);
    return new Completion(
        chat,
        (chat ? "chatcmpl-" : "cmpl-") + NEXT.getAndIncrement(),
        Instant.now().getEpochSecond(),
        name,
        chat ? wordsOfMessages(request) : words(request.get("prompt")),
        Math.min(settings.tokens(), most),
        most < settings.tokens(),
        Boolean.TRUE.equals(request.get("stream")),
        request.get("stream_options") instanceof Map<?, ?> options
            && Boolean.TRUE.equals(options.get("include_usage")));
  }

  private static int most(Map<?, ?> request) {
    int most = Integer.MAX_VALUE;
    for (String name : List.of("max_completion_tokens", "max_tokens")) {
      Object limit = request.get(name);
      if (limit == null) {
        continue;
      }
      try {
        most = Math.min(most, Integer.parseInt(limit.toString()));
      } catch (NumberFormatException e) {
        most = 0;
      }
      if (most < 1) {
        throw new IllegalArgumentException("`" + name + "` must be a positive integer.");
      }
    }
    return most;
  }

  private static int wordsOfMessages(Map<?, ?> request) {
    if (!(request.get("messages") instanceof List<?> messages) || messages.isEmpty()) {
      throw new IllegalArgumentException("`messages` must be a list with at least one message.");
    }
    int words = 0;
    for (Object message : messages) {
      if (!(message instanceof Map<?, ?> fields)) {
        throw new IllegalArgumentException("A message must be an object.");
      }
      words += words(fields.get("content"));
    }
    return words;
  }

  /** The words of a text, of a list of texts, or of parts that have a {@code text}. */
  private static int words(Object content) {
    if (content instanceof String text) {
      String stripped = text.strip();
      return stripped.isEmpty() ? 0 : stripped.split("\\s+", -1).length;
    }
    if (content instanceof List<?> parts) {
      return parts.stream().mapToInt(Completion::words).sum();
    }
    return content instanceof Map<?, ?> part ? words(part.get("text")) : 0;
  }

  /** The answer in one piece. */
  Map<String, Object> whole() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      text.append(token(i));
    }
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    if (chat) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", "assistant");
      message.put("content", text.toString());
      choice.put("message", message);
    } else {
      choice.put("text", text.toString());
    }
    choice.put("logprobs", null);
    choice.put("finish_reason", finishReason());
    Map<String, Object> all = head(chat ? "chat.completion" : "text_completion");
    all.put("choices", List.of(choice));
    all.put("usage", usage());
    return all;
  }

  /** In how many chunks a stream brings the answer: one for each token, and what frames them. */
  int chunkCount() {
    return firstToken() + tokens + 1 + (usageInStream ? 1 : 0);
  }

  /** Whether that chunk brings a token. */
  boolean isToken(int index) {
    return index >= firstToken() && index < firstToken() + tokens;
  }

  private int firstToken() {
    return chat ? 1 : 0;
  }

  /** A chunk of a stream, counted from zero. */
  Map<String, Object> chunk(int index) {
    if (isToken(index)) {
      return chunk(Map.of("content", token(index - firstToken())), null);
    }
    if (index < firstToken()) {
      Map<String, Object> delta = new LinkedHashMap<>();
      delta.put("role", "assistant");
      delta.put("content", "");
      return chunk(delta, null);
    }
    if (index == firstToken() + tokens) {
      return chunk(Map.of(), finishReason());
    }
    Map<String, Object> last = head(chat ? "chat.completion.chunk" : "text_completion");
    last.put("choices", List.of());
    last.put("usage", usage());
    return last;
  }

  private Map<String, Object> chunk(Map<String, Object> delta, String finishReason) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    if (chat) {
      choice.put("delta", delta);
    } else {
      choice.put("text", delta.getOrDefault("content", ""));
    }
    choice.put("logprobs", null);
    choice.put("finish_reason", finishReason);
    Map<String, Object> chunk = head(chat ? "chat.completion.chunk" : "text_completion");
    chunk.put("choices", List.of(choice));
    if (usageInStream) {
      chunk.put("usage", null);
    }
    return chunk;
  }

  private Map<String, Object> head(String object) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("id", id);
    head.put("object", object);
    head.put("created", created);
    head.put("model", model);
    return head;
  }

  private Map<String, Object> usage() {
    Map<String, Object> usage = new LinkedHashMap<>();
    usage.put("prompt_tokens", promptTokens);
    usage.put("completion_tokens", tokens);
    usage.put("total_tokens", promptTokens + tokens);
    return usage;
  }

  private String finishReason() {
    return cut ? "length" : "stop";
  }

  private static String token(int index) {
    return (index == 0 ? "" : " ") + "word" + (index + 1);
  }
}
