package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.naming.json.JsonReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A real Prometheus scrapes the gateway with the generated rules and says who called. */
class GatewayInPrometheusTest {

  @Test
  void prometheusSaysWhoCalled() throws Exception {
    String example = GatewayCommandTest.documentation("examples/gateway.yaml").toString();
    try (GatewayRun run = GatewayRun.of("--gateway", example, "--workers", "2")) {
      for (int i = 0; i < 5; i++) {
        run.get("/x", "key-of-alice");
        run.get("/x", "key-of-bob");
      }
      String rules =
          Run.of(
                  "relabel",
                  "generate",
                  "--target",
                  "prometheus",
                  "--address",
                  run.admin(),
                  "--interval",
                  "1s")
              .out();
      try (RealPrometheus prometheus = RealPrometheus.start(rules)) {
        Map<String, String> authorized = Map.of("alice@example.com", "5", "bob", "3");

        assertThat(byUser(await(prometheus, "authorized", authorized))).isEqualTo(authorized);
        assertThat(byUser(await(prometheus, "limited", Map.of("bob", "2"))))
            .isEqualTo(Map.of("bob", "2"));
      }
    }
  }

  private static String await(
      RealPrometheus prometheus, String outcome, Map<String, String> hoped) {
    return prometheus.await(
        "sum by (user) (" + outcome + "_calls_with_user_and_group)",
        answer -> byUser(answer).equals(hoped),
        Duration.ofSeconds(30));
  }

  private static Map<String, String> byUser(String answer) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) JsonReader.read(answer)).get("data");
    Map<String, String> byUser = new TreeMap<>();
    for (Object each : (List<?>) data.get("result")) {
      Map<?, ?> series = (Map<?, ?>) each;
      byUser.put(
          (String) ((Map<?, ?>) series.get("metric")).get("user"),
          (String) ((List<?>) series.get("value")).get(1));
    }
    return byUser;
  }
}
