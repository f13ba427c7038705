package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.nametag.cli.gateway.GatewayFile;
import dev.nametag.hostsim.gateway.ClusterSettings;
import dev.nametag.hostsim.gateway.GatewaySettings;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.plugin.NametagModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayCommandTest {
  @TempDir private Path folder;

  private String file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  /** The file in the documentation, which is found from the module's folder and from the root. */
  static Path documentation(String name) {
    Path fromModule = Path.of("..", "docs", name);
    return Files.exists(fromModule) ? fromModule : Path.of("docs", name);
  }

  @Test
  void withoutAnyFileItEchoesAndCounts() throws Exception {
    try (GatewayRun run = GatewayRun.of()) {
      assertThat(run.get("/hello?x=1", "").body()).contains("\"path\":\"/hello?x=1\"");

      assertThat(run.metrics()).containsEntry("authorized_calls_total{}", 1L);
      Map<?, ?> totals = run.stop();
      assertThat(totals.get("streams")).hasToString("1");
      assertThat(totals.get("answered")).hasToString("1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway.yaml", "gateway-stats.yaml"})
  void theDocumentedExampleIsTheFile(String name) throws Exception {
    String example = Files.readString(documentation("examples/" + name));

    assertThat(Files.readString(documentation("gateway.md")))
        .contains("```yaml\n" + example + "```\n");
  }

  @Test
  void theDocumentedExampleKnowsDeniesLimitsAndAnswers() throws Exception {
    String example = documentation("examples/gateway.yaml").toString();
    try (GatewayRun run = GatewayRun.of("--gateway", example, "--workers", "2")) {
      for (int i = 0; i < 5; i++) {
        assertThat(run.get("/x", "key-of-bob").statusCode()).isEqualTo(i < 3 ? 200 : 429);
        assertThat(run.get("/x", "key-of-alice").statusCode()).isEqualTo(200);
      }
      assertThat(run.get("/healthz", "key-of-alice").body()).isEqualTo("ok\n");
      assertThat(run.get("/admin", "key-of-eve").statusCode()).isEqualTo(403);
      assertThat(run.get("/x", "").statusCode()).isEqualTo(401);
      assertThat(run.get("/v0/models", "key-of-alice").headers().firstValue("location"))
          .hasValueSatisfying(to -> assertThat(to).endsWith("/v1/models"));
      assertThat(run.get("/v1/models", "key-of-alice").body()).contains("\"id\":\"small\"");
      HttpRequest chat =
          HttpRequest.newBuilder(run.uri("/v1/chat/completions"))
              .header("authorization", "Bearer key-of-alice")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"messages\":[{\"role\":\"user\",\"content\":\"How are you?\"}]}"))
              .build();
      assertThat(run.send(chat).body())
          .contains("{\"prompt_tokens\":3,\"completion_tokens\":8,\"total_tokens\":11}");

      String calls = "_calls_with_user_and_group__user__";
      String alice = "alice_40example_2ecom__group__premium__namespace__default{}";
      String bob = "bob__group__free__namespace__default{}";
      assertThat(run.calls())
          .containsEntry("authorized" + calls + alice, 9L)
          .containsEntry("authorized" + calls + bob, 3L)
          .containsEntry("limited" + calls + bob, 2L)
          .containsEntry("authorized_calls_total{}", 12L)
          .containsEntry("limited_calls_total{}", 2L)
          // Who was denied is in neither of these.
          .hasSize(5);
      assertThat(run.stop().get("streams")).hasToString("16");
      assertThat(run.err()).isEmpty();
    }
  }

  @Test
  void aGatewayFileIsRefusedWithEveryReason() throws Exception {
    String file =
        file(
            "g.yaml",
            """
            routes:
              - { cluster: nowhere, tiemout: 1s }
              - { match: { prefix: 1 }, direct_response: { status: 99 } }
              - { name: x }
            clusters:
              a: { url: "https://example.com" }
              b: {}
            filters:
              - api_keys: { keys: { k: { userid: null } }, as: what }
              - nametag
              - nametag
              - what: {}
              - rate_limit: { limits: [{ requests: -1, per: soon, by: [user] }] }
            more: 1
            """);

    Run run = Run.of("gateway", "--gateway", file, "--listen", "127.0.0.1:0");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().map(line -> line.substring(file.length() + 2)))
        .containsExactlyInAnyOrder(
            "routes[0].cluster: no cluster is called nowhere; there are echo, llm",
            "routes[0].tiemout: unknown; there are match, cluster, name, timeout, retries,"
                + " direct_response, redirect",
            "routes[1].match.prefix: expected a text, found 1",
            "routes[1].direct_response.status: expected a whole number from 200 to 599, found 99",
            "routes[2]: expected one of cluster, direct_response, redirect",
            "clusters.a.url: expected a URL such as http://127.0.0.1:9000, found"
                + " https://example.com",
            "clusters.b: expected one of url, echo, llm, unhealthy",
            "filters[0].api_keys.keys.k.userid: expected a text, a number, true, false or a list of"
                + " texts",
            "filters[0].api_keys.as: expected one of envoy, kuadrant, found what",
            "filters[2]: nametag stands in the list twice",
            "filters[3].what: no such filter; there are api_keys, headers_to_metadata, ext_authz,"
                + " local_rate_limit, rate_limit, nametag",
            "filters[4].rate_limit.limits[0].requests: expected a whole number from 0 to 2147483647,"
                + " found -1",
            "filters[4].rate_limit.limits[0].per: expected a time such as 250ms, 10s, 5m or 1h,"
                + " found soon",
            "filters[4].rate_limit.limits[0].by[0]: expected identity.FIELD, header.NAME,"
                + " remote_address or path, found user",
            "more: unknown; there are clusters, routes, filters, stream_idle_timeout, idle_timeout,"
                + " buffer_limit_bytes, stats_config, stats_flush_interval, stats_flush_on_admin");
  }

  @Test
  void limitsOfConnectionsAreRead() {
    GatewaySettings settings =
        GatewayFile.read(
                "gateway.yaml",
                """
            clusters:
              a: { url: "http://localhost", idle_timeout: 2s }
              b: { url: "http://localhost", idle_timeout: 0s }
            idle_timeout: 3s
            buffer_limit_bytes: 32768
            """,
                Optional.empty())
            .settings();

    assertThat(settings.bufferLimitBytes()).isEqualTo(32768);
    assertThat(settings.idleTimeout()).contains(Duration.ofSeconds(3));
    assertThat(settings.clusters().get("a"))
        .isEqualTo(
            new ClusterSettings.Server(
                "localhost", 80, Duration.ofSeconds(5), Optional.of(Duration.ofSeconds(2))));
    assertThat(settings.clusters().get("b"))
        .isEqualTo(
            new ClusterSettings.Server("localhost", 80, Duration.ofSeconds(5), Optional.empty()));
  }

  @Test
  void aConfigurationThatTheFilterWouldRefuseIsRefused() throws Exception {
    Run run = Run.of("gateway", "--config", file("c.yaml", "metrics: 1"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("c.yaml: metrics: ");
  }

  @Test
  void aPortInUseIsSaid() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = "127.0.0.1:" + other.getLocalPort();

      Run listen = Run.of("gateway", "--listen", taken, "--admin", "127.0.0.1:0");
      Run admin = Run.of("gateway", "--listen", "127.0.0.1:0", "--admin", taken);

      assertThat(listen.status()).isEqualTo(1);
      assertThat(listen.err()).startsWith("--listen " + taken + ": cannot listen: ");
      assertThat(admin.status()).isEqualTo(1);
      assertThat(admin.err()).startsWith("--admin " + taken + ": cannot listen: ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--listen 8080",
        "--admin nowhere",
        "--workers 0",
        "--grace soon",
        "--deadline never",
        "--upstream ftp://x",
        "--engine fast",
        "--failure-policy what",
        "--envoy-version 1.20",
        "--envoy-version 2.0",
        "--envoy-version 1.40",
        "--profile linkerd",
        "--extra-stat-tags user",
        "--unknown",
      })
  void wrongUsageIsSaid(String options) {
    Run run = Run.of(("gateway " + options).split(" ", -1));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(options.split(" ", -1)[0]);
  }

  /** The module says what is wrong with what is no JSON: it has got the file as it is. */
  @Test
  void anotherModuleGetsTheFileAsItIs() throws Exception {
    String module = Files.write(folder.resolve("m.wasm"), NametagModule.bytes()).toString();
    String yaml = file("c.yaml", "labels: {user: x}");
    String json = file("c.json", "{\"metrics\":{\"calls\":{\"count\":\"all\"}}}");
    try (GatewayRun refusing = GatewayRun.of("--module", module, "--config", yaml);
        GatewayRun accepting = GatewayRun.of("--module", module, "--config", json)) {
      accepting.get("/", "");

      assertThat(refusing.err()).contains("[critical] wasm log nametag nametag: ");
      assertThat(refusing.metrics()).containsEntry("nametag_config_rejected{}", 1L);
      assertThat(accepting.calls()).isEqualTo(Map.of("calls{}", 1L));
    }
  }

  @ParameterizedTest
  @CsvSource({"fail_closed, 503", "fail_open, 200", "fail_reload, 200"})
  void aModuleThatTrapsMeetsThePolicy(String policy, int status) throws Exception {
    String module = Files.write(folder.resolve("t.wasm"), TinyModule.trapping()).toString();
    try (GatewayRun run =
        GatewayRun.of(
            "--module",
            module,
            "--failure-policy",
            policy,
            "--workers",
            "1",
            "--engine",
            "interpreter")) {
      run.get("/", "");
      // A module is not loaded again at once, but after a second.
      int later = run.get("/", "").statusCode();
      for (int i = 0; i < 100 && later != status; i++) {
        Thread.sleep(100);
        later = run.get("/", "").statusCode();
      }

      assertThat(later).isEqualTo(status);
    }
  }

  @Test
  void whatAModuleCallsIsAClusterOfTheGateway() throws Exception {
    String module = Files.write(folder.resolve("c.wasm"), TinyModule.calling()).toString();
    CountDownLatch asked = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/m",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          asked.countDown();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    try (GatewayRun run = GatewayRun.of("--module", module, "--upstream", url)) {
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(run.get("/m", "").statusCode()).isEqualTo(204);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aSignalEndsItInGoodOrder() throws Exception {
    Process process = gatewayProcess();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      Map<?, ?> ready = (Map<?, ?>) JsonReader.read(out.readLine());

      // Not process.destroy(), which would close its output, too.
      process.toHandle().destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      List<String> rest = out.lines().toList();
      assertThat(process.exitValue()).isZero();
      assertThat(ready.get("workers")).hasToString("1");
      assertThat(rest)
          .containsExactly(
              "{\"connections\":0,\"streams\":0,\"answered\":0,\"aborted\":0,\"broken_off\":0}");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aSignalEndsItEvenIfTheModuleNeverReturns() throws Exception {
    String module = Files.write(folder.resolve("loop.wasm"), TinyModule.looping()).toString();
    Process process = gatewayProcess("--module", module, "--grace", "100ms");
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      Map<?, ?> ready = (Map<?, ?>) JsonReader.read(out.readLine());
      URI uri = URI.create("http://" + ready.get("listen") + "/");
      CompletableFuture<HttpResponse<Void>> answer =
          HttpClient.newHttpClient()
              .sendAsync(
                  HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
      // The answer comes with the end of the stream, which never comes.
      assertThatThrownBy(() -> answer.get(3, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);

      process.toHandle().destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(out.lines())
          .contains(
              "[critical] Function: proxy_on_log failed: did not return within PT1S at the end",
              "{\"connections\":1,\"streams\":1,\"answered\":1,\"aborted\":0,\"broken_off\":0}");
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aSignalEndsAStartThatNeverEnds() throws Exception {
    String module = Files.write(folder.resolve("s.wasm"), TinyModule.loopingAtStart()).toString();
    Process process = gatewayProcess("--module", module);
    try {
      assertThat(process.waitFor(3, TimeUnit.SECONDS)).isFalse();

      process.toHandle().destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aDeadlineMakesATrapOfAModuleThatNeverReturns() throws Exception {
    String module = Files.write(folder.resolve("l.wasm"), TinyModule.looping()).toString();
    try (GatewayRun run =
        GatewayRun.of("--module", module, "--deadline", "200ms", "--workers", "1")) {
      run.get("/", "");

      assertThat(run.get("/", "").statusCode()).isEqualTo(503);
    }
  }

  /** Starts a gateway with one worker on free ports, which prints its addresses as JSON. */
  private static Process gatewayProcess(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Nametag.class.getName(),
                "gateway",
                "--json",
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--workers",
                "1",
                "--engine",
                "interpreter"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
