package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.cli.demo.Demo;
import dev.nametag.cli.demo.Stop;
import dev.nametag.naming.Profile;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.plugin.NametagModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Expected pages, labels and values are those of the chargeback demo's document. */
class DemoTest {
  private static final String GREP_OF_THE_DEMO =
      """
      # TYPE authorized_calls_total counter
      authorized_calls_total{} 90
      # TYPE authorized_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d counter
      authorized_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d{} 90
      # TYPE limited_calls_total counter
      limited_calls_total{} 80
      # TYPE limited_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d counter
      limited_calls_with_user_and_group__user___premiumuser1___group___premium___namespace__llm_d{} 80
      """;

  /** The values of the demo: metric, group, user. */
  private static final Map<String, String> FOUR_USERS =
      Map.of(
          "authorized enterprise enterpriseuser1", "300",
          "authorized free freeuser1", "25",
          "authorized premium premiumuser1", "225",
          "authorized premium premiumuser2", "30",
          "limited enterprise enterpriseuser1", "150",
          "limited free freeuser1", "19",
          "limited premium premiumuser1", "165",
          "limited premium premiumuser2", "8");

  @Test
  void theFirstStopsPageIsTheDemosByteForByte() throws IOException {
    try (Demo demo = demo(Profile.CHARGEBACK)) {
      String page = demo.next().page();

      assertThat(page.lines().filter(line -> line.contains("_calls_")).collect(lines()))
          .isEqualTo(GREP_OF_THE_DEMO);
    }
  }

  @Test
  void theSecondStopHasTheDemosEightValuesUnderBothProfiles() throws IOException {
    for (Profile profile : List.of(Profile.LOSSLESS, Profile.CHARGEBACK)) {
      try (Demo demo = demo(profile)) {
        demo.next();

        assertThat(eightValues(demo.next())).as(profile.text()).isEqualTo(FOUR_USERS);
      }
    }
  }

  @Test
  void whatTheCommandPrintsIsWhatTheRunHas() {
    Run run = Run.of("demo", "--profile", "chargeback");

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains(GREP_OF_THE_DEMO);
    assertThat(run.out()).contains("\"user\": \"premiumuser1\"").contains("\"315\"");
    assertThat(run.out()).containsPattern("\\n\\S+ +a_b +free +llm_d +8\\n");
  }

  @Test
  void losslessKeepsTheNamespaceAndTheUsersApart() {
    Run run = Run.of("demo", "--profile", "lossless", "--json");

    assertThat(run.status()).isZero();
    List<?> stops = (List<?>) JsonReader.read(run.out());
    assertThat(stops).hasSize(3);
    Map<?, ?> last = (Map<?, ?>) stops.get(2);
    assertThat(last.get("page").toString()).contains("__user__a_2eb__").contains("__user__a_2db__");
    assertThat((List<?>) last.get("rules")).isNotEmpty();
    assertThat((List<?>) last.get("series"))
        .filteredOn(series -> metric(series).containsKey("user"))
        .allSatisfy(series -> assertThat(metric(series).get("namespace")).isEqualTo("llm-d"))
        .extracting(series -> metric(series).get("user") + " " + ((Map<?, ?>) series).get("value"))
        .contains("a.b 3", "a-b 5", "premiumuser1 315");
  }

  @Test
  void withoutAProfileBothArePlayed() {
    Run run = Run.of("demo", "--json");

    assertThat((List<?>) JsonReader.read(run.out()))
        .extracting(
            stop -> ((Map<?, ?>) stop).get("profile") + " " + ((Map<?, ?>) stop).get("stop"))
        .containsExactly(
            "chargeback a",
            "chargeback b",
            "chargeback c",
            "lossless a",
            "lossless b",
            "lossless c");
  }

  private static Map<?, ?> metric(Object series) {
    return (Map<?, ?>) ((Map<?, ?>) series).get("metric");
  }

  private static Demo demo(Profile profile) throws IOException {
    return new Demo(
        profile, NametagModule.bytes(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static Map<String, String> eightValues(Stop stop) {
    return stop.series().stream()
        .filter(sample -> sample.labels().has("user"))
        .collect(
            Collectors.toMap(
                sample ->
                    sample.name().replace("_calls_with_user_and_group", "")
                        + " "
                        + sample.labels().get("group")
                        + " "
                        + sample.labels().get("user"),
                sample -> sample.value()));
  }

  private static java.util.stream.Collector<String, ?, String> lines() {
    return Collectors.mapping(line -> line + "\n", Collectors.joining());
  }
}
