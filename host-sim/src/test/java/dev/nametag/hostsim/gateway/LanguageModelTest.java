package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Expected shapes: OpenAI API reference, chat completions, completions, models, streaming. */
class LanguageModelTest {

  private static final Duration FIRST = Duration.ofMillis(120);
  private static final Duration NEXT = Duration.ofMillis(40);

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static RunningGateway running;

  @BeforeAll
  static void start() {
    running =
        RunningGateway.to(
            new ClusterSettings.LanguageModel(List.of("small", "large"), 5, FIRST, NEXT));
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static HttpRequest post(String path, String body) {
    return HttpRequest.newBuilder(running.uri(path))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static Map<?, ?> ask(String path, String body, int status) throws Exception {
    HttpResponse<String> response =
        HTTP.send(post(path, body), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(status);
    return (Map<?, ?>) new TestJson().read(response.body());
  }

  private static String usage(int prompt, int completion) {
    return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
        .formatted(prompt, completion, prompt + completion);
  }

  @Test
  void aChatIsAnsweredWithItsUsage() throws Exception {
    Map<?, ?> answer =
        ask(
            "/v1/chat/completions",
            """
            {"model": "large", "messages": [
              {"role": "system", "content": "Be brief."},
              {"role": "user", "content": [{"type": "text", "text": "How are you?"}]}]}""",
            200);

    assertThat(answer.get("object")).isEqualTo("chat.completion");
    assertThat(answer.get("model")).isEqualTo("large");
    assertThat(new TestJson().write(answer.get("usage"))).isEqualTo(usage(5, 5));
    Map<?, ?> choice = (Map<?, ?>) ((List<?>) answer.get("choices")).get(0);
    assertThat(choice.get("finish_reason")).isEqualTo("stop");
    assertThat(choice.get("message"))
        .isEqualTo(Map.of("role", "assistant", "content", "word1 word2 word3 word4 word5"));
  }

  @Test
  void aLimitCutsTheAnswer() throws Exception {
    Map<?, ?> answer = ask("/v1/completions", "{\"prompt\": \"one two\", \"max_tokens\": 2}", 200);

    Map<?, ?> choice = (Map<?, ?>) ((List<?>) answer.get("choices")).get(0);
    assertThat(choice.get("text")).isEqualTo("word1 word2");
    assertThat(choice.get("finish_reason")).isEqualTo("length");
    assertThat(new TestJson().write(answer.get("usage"))).isEqualTo(usage(2, 2));
  }

  @Test
  void aStreamComesBitByBit() throws Exception {
    long startNanos = System.nanoTime();
    List<String> data = new ArrayList<>();
    List<Long> millis = new ArrayList<>();
    HttpResponse<Stream<String>> response =
        HTTP.send(
            post(
                "/v1/chat/completions",
                """
                {"stream": true, "stream_options": {"include_usage": true},
                 "messages": [{"role": "user", "content": "a b c"}]}"""),
            HttpResponse.BodyHandlers.ofLines());
    response
        .body()
        .filter(line -> !line.isEmpty())
        .forEach(
            line -> {
              data.add(line);
              millis.add((System.nanoTime() - startNanos) / 1_000_000);
            });

    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    // The role, five tokens, the reason for the end, the usage, the end.
    assertThat(data).hasSize(9).allMatch(line -> line.startsWith("data: "));
    assertThat(data.get(1)).contains("\"delta\":{\"content\":\"word1\"}", "\"usage\":null");
    assertThat(data.get(6)).contains("\"finish_reason\":\"stop\"");
    assertThat(data.get(7)).contains("\"choices\":[],\"usage\":" + usage(3, 5));
    assertThat(data.get(8)).isEqualTo("data: [DONE]");
    // Never earlier than set; how much later is up to the machine.
    assertThat(millis.get(0)).isGreaterThanOrEqualTo(FIRST.toMillis());
    assertThat(millis.get(5)).isGreaterThanOrEqualTo(FIRST.toMillis() + 4 * NEXT.toMillis() - 1);
  }

  @Test
  void withoutTheOptionAStreamDoesNotSayItsUsage() throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            post("/v1/completions", "{\"stream\": true, \"prompt\": \"a\", \"max_tokens\": 1}"),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.body())
        .contains("\"text\":\"word1\"")
        .doesNotContain("usage")
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void modelsAreListed() throws IOException, InterruptedException {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(running.uri("/v1/models")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.body())
        .startsWith("{\"object\":\"list\"")
        .contains("\"id\":\"small\"", "\"id\":\"large\"");
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    String chat = "/v1/chat/completions";

    assertThat(error(ask(chat, "no json", 400))).isNotEmpty();
    assertThat(error(ask(chat, "[]", 400))).isEqualTo("The body is not a JSON object.");
    assertThat(error(ask(chat, "{}", 400))).contains("messages");
    assertThat(error(ask(chat, "{\"model\":\"huge\"}", 400)))
        .isEqualTo("The model `huge` does not exist.");
    assertThat(error(ask(chat, "{\"messages\":[{}],\"max_tokens\":0}", 400)))
        .contains("max_tokens");
    assertThat(error(ask("/v2", "{}", 404))).isEqualTo("Unknown path: /v2");
    assertThat(error(ask("/v1/models", "{}", 405))).contains("GET");
  }

  private static String error(Map<?, ?> answer) {
    return (String) ((Map<?, ?>) answer.get("error")).get("message");
  }
}
