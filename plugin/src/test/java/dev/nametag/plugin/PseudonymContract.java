package dev.nametag.plugin;

import static dev.nametag.plugin.Identities.extAuthz;
import static dev.nametag.plugin.Identities.kuadrant13;
import static dev.nametag.plugin.Identities.labelled;
import static dev.nametag.plugin.Identities.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Labels that show a keyed pseudonym instead of a name, on whatever the filter runs. */
abstract class PseudonymContract {
  private static final String KEY = "a secret of more than 16 bytes";
  private static final String USER =
      labelled("{\"from\": \"auth.identity.userid\", \"pseudonym\": true}");

  /** Returns what the filter runs on. */
  abstract FilterRuns host();

  private FilterRuns.Counted run(String configuration, StreamScenario... streams) {
    return host()
        .run(configuration, Map.of("NAMETAG_PSEUDONYM_KEY", KEY), Map.of(), List.of(streams));
  }

  @Test
  void theLabelIsTheHmacOfTheWholeValue() throws Exception {
    String longName = "x".repeat(100_000) + "1";

    FilterRuns.Counted counted =
        run(
            USER,
            extAuthz(Map.of("userid", "alice@example.com")),
            kuadrant13(Map.of("userid", "alice@example.com")),
            extAuthz(Map.of("userid", longName)),
            extAuthz(Map.of("userid", "")),
            stream().build());

    assertThat(counted.series())
        .isEqualTo(
            Map.of(
                "c__l__" + hmac("alice@example.com"),
                2L,
                "c__l__" + hmac(longName),
                1L,
                "c__l__" + hmac(""),
                1L,
                "c__l___none",
                1L));
    assertThat(counted.log()).isEmpty();
  }

  @Test
  void everyVmWithTheKeyShowsTheSame() {
    StreamScenario alice = extAuthz(Map.of("userid", "alice"));

    assertThat(run(USER, alice).series()).isEqualTo(run(USER, alice).series());
  }

  @Test
  void everyGroupHasItsOwn() throws Exception {
    String groups =
        labelled("{\"from\": \"auth.identity.groups\", \"list\": \"all\", \"pseudonym\": true}");

    assertThat(run(groups, extAuthz(Map.of("groups", "b,a"))).series())
        .isEqualTo(Map.of("c__l__" + hmac("a"), 1L, "c__l__" + hmac("b"), 1L));
  }

  @Test
  void withoutAKeyTheConfigurationIsRefused() {
    FilterRuns.Counted counted =
        host()
            .run(
                USER, Map.of(), Map.of(), List.of(extAuthz(Map.of("userid", "alice@example.com"))));

    assertThat(counted.metrics()).containsEntry("nametag_config_rejected", 1L);
    assertThat(counted.series()).isEmpty();
    assertThat(counted.log())
        .containsExactly(
            "CRITICAL pluginConfig: labels.l.pseudonym: NAMETAG_PSEUDONYM_KEY in vmConfig.env is"
                + " not set");
  }

  @Test
  void aKeyThatCanBeGuessedIsRefusedAndNotShown() {
    FilterRuns.Counted counted =
        host().run(USER, Map.of("NAMETAG_PSEUDONYM_KEY", "hunter2"), Map.of(), List.of());

    assertThat(counted.metrics()).containsEntry("nametag_config_rejected", 1L);
    assertThat(counted.series()).isEmpty();
    assertThat(counted.log())
        .containsExactly(
            "CRITICAL pluginConfig: labels.l.pseudonym: NAMETAG_PSEUDONYM_KEY in vmConfig.env"
                + " cannot be used: a key has at least 16 bytes, not 7");
  }

  private static String hmac(String name) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)), 0, 16);
  }
}
