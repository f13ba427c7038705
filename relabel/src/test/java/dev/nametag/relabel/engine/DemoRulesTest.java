package dev.nametag.relabel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The eight rules of the wasm-shim chargeback demo, which decode {@code
 * metric__user___U___group___G___namespace__N}, on the demo's own series.
 */
class DemoRulesTest {
  private static final RelabelRules RULES =
      RelabelRulesReader.read("demo.yaml", DemoRules.serviceMonitor());

  @ParameterizedTest
  @CsvSource({
    "authorized_calls_with_user_and_group,premiumuser1,premium",
    "limited_calls_with_user_and_group,premiumuser1,premium",
    "authorized_calls_with_user_and_group,enterpriseuser1,enterprise",
    "limited_calls_with_user_and_group,freeuser1,free",
  })
  void identityBecomesLabels(String metric, String user, String group) {
    String name = metric + "__user___" + user + "___group___" + group + "___namespace__llm_d";

    assertThat(RULES.apply(Labels.of("__name__", name)))
        .contains(
            Labels.of("__name__", metric, "user", user, "group", group, "namespace", "llm_d"));
  }

  @Test
  void totalsStayAsTheyAre() {
    Labels total = Labels.of("__name__", "authorized_calls_total");

    assertThat(RULES.apply(total)).contains(total);
  }

  @Test
  void userWhoIsNamedLikeStructureBecomesAnotherUserOfAnotherGroup() {
    String forged =
        "limited_calls_with_user_and_group__user___x___group___admin___group___free___namespace__n";

    assertThat(RULES.apply(Labels.of("__name__", forged)).get().get("user"))
        .isEqualTo("x___group___admin");
  }

  @Test
  void thereAreEight() {
    assertThat(RULES.rules()).hasSize(8);
  }
}
