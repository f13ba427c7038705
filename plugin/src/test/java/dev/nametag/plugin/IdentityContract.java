package dev.nametag.plugin;

import static dev.nametag.plugin.Identities.extAuthz;
import static dev.nametag.plugin.Identities.kuadrant12;
import static dev.nametag.plugin.Identities.kuadrant13;
import static dev.nametag.plugin.Identities.labelled;
import static dev.nametag.plugin.Identities.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who is counted, and that nobody can be counted who did not call, on whatever the filter runs.
 * Names follow from the grammar in docs/names.md.
 */
abstract class IdentityContract {
  private static final String LEAF = "wasm.kuadrant.auth.identity.userid";

  /** Returns what the filter runs on. */
  abstract FilterRuns host();

  private FilterRuns.Counted run(String configuration, StreamScenario... streams) {
    return host().run(configuration, Map.of(), Map.of(), List.of(streams));
  }

  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of("alice@example.com", "alice_40example_2ecom"),
        Arguments.of("", ""),
        Arguments.of("alice123", "alice123"),
        Arguments.of("1", "1"),
        Arguments.of("\u0001", "_01"),
        Arguments.of("\0\0\0\0\0\0\b@", "_00_00_00_00_00_00_08_40"),
        Arguments.of(3, "3"),
        Arguments.of(-3, "_2d3"),
        Arguments.of(0.5, "0_2e5"),
        Arguments.of(0.1 + 0.2, "0_2e30000000000000004"),
        Arguments.of(1e21, "1e_2b21"),
        Arguments.of(1700000000, "1700000000"),
        Arguments.of(true, "true"),
        Arguments.of(false, "false"),
        Arguments.of(null, "_none"),
        Arguments.of(List.of("a"), "_none"),
        Arguments.of(Map.of("a", "b"), "_none"));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void oneConfigurationReadsWhereverAuthenticationWrites(Object value, String encoded) {
    Map<String, Object> identity = new TreeMap<>();
    identity.put("userid", value);

    FilterRuns.Counted counted =
        run(
            labelled("\"auth.identity.userid\""),
            extAuthz(identity),
            kuadrant12(identity),
            kuadrant13(identity));

    assertThat(counted.series()).isEqualTo(Map.of("c__l__" + encoded, 3L));
  }

  /** Whichever form was there last is looked for first; no stream may be read by another's. */
  @Test
  void formsThatAlternateAreToldApart() {
    Map<String, Object> alice = Map.of("userid", "alice");
    Map<String, Object> text = Map.of("userid", "\"bob\"");
    Map<String, Object> nobody = Map.of();

    FilterRuns.Counted counted =
        run(
            labelled("\"auth.identity.userid\""),
            kuadrant13(alice),
            kuadrant12(alice),
            kuadrant13(text),
            kuadrant12(text),
            kuadrant13(nobody),
            extAuthz(text),
            kuadrant12(nobody),
            kuadrant12(alice),
            extAuthz(alice),
            kuadrant13(alice));

    assertThat(counted.series())
        .isEqualTo(Map.of("c__l__alice", 5L, "c__l___22bob_22", 3L, "c__l___none", 2L));
  }

  /** As wasm-shim writes them up to 0.12, of any size, with spaces or a comma anywhere. */
  @Test
  void theFirstElementEndsAtTheFirstComma() {
    for (int size = 1; size < 20; size++) {
      String first = "g".repeat(size);
      FilterRuns.Counted counted =
          run(
              labelled("\"auth.identity.groups[0]\""),
              leaf("groups", first),
              leaf("groups", first + ","),
              leaf("groups", first + ",h"),
              leaf("groups", first + " , h,"),
              leaf("groups", first + ",," + first));

      assertThat(counted.series()).isEqualTo(Map.of("c__l__" + first, 5L));
    }
  }

  @Test
  void spacesAroundJsonAreNoPartOfIt() {
    FilterRuns.Counted counted =
        run(
            labelled("\"auth.identity.userid\""),
            leaf("userid", "true "),
            leaf("userid", "true\n"),
            leaf("userid", " true"),
            leaf("userid", "true"));

    assertThat(counted.series()).isEqualTo(Map.of("c__l__true", 4L));
  }

  private static StreamScenario leaf(String key, String text) {
    return stream().filterState("wasm.kuadrant.auth.identity." + key, text).build();
  }

  /** With both forms in one proxy the Struct, which is the newer one, goes first from then on. */
  @Test
  void whereBothFormsAreTheStructSays() {
    StreamScenario leaf = stream().filterState(LEAF, "\"leaf\"").build();
    StreamScenario both =
        stream()
            .filterState(
                "wasm.kuadrant.auth",
                Structs.of(Map.of("identity", Map.of("userid", "struct"))).toByteArray())
            .filterState(LEAF, "\"leaf\"")
            .build();

    assertThat(run(labelled("\"auth.identity.userid\""), both, leaf, both, both).series())
        .isEqualTo(Map.of("c__l__struct", 3L, "c__l__leaf", 1L));
  }

  /** What has no room in the arena is read again; by then the series has been found. */
  @Test
  void aValueWithoutRoomNamesNobodyElse() {
    List<StreamScenario> streams = new ArrayList<>();
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < 24; i++) {
      Map<String, Object> identity =
          Map.of("userid", "alice" + i, "filler", "x".repeat(70_000 * (1 + i * 5 % 12) + i * 4));
      streams.add(
          stream()
              .filterState(
                  "wasm.kuadrant.auth", Structs.of(Map.of("identity", identity)).toByteArray())
              .dynamicMetadata(
                  "ns",
                  Map.of("filler", "q".repeat(70_000 * (1 + i * 7 % 13) + i * 12), "tokens", 1 + i))
              .build());
      expected.put("calls__user__alice" + i, 1L);
      expected.put("tokens__user__alice" + i, 1L + i);
    }
    String configuration =
        """
        {"labels": {"user": "auth.identity.userid"},
         "metrics": {"calls": {"count": "all", "labels": ["user"]},
                     "tokens": {"count": "all", "labels": ["user"], "add": "metadata.ns.tokens"}}}
        """;

    assertThat(run(configuration, streams.toArray(new StreamScenario[0])).series())
        .isEqualTo(expected);
  }

  @Test
  void typesAreFoundBesideMuchOtherMetadata() {
    StreamScenario stream =
        stream()
            .dynamicMetadata("other", Map.of("text", "x".repeat(300_000)))
            .dynamicMetadata(
                "envoy.filters.http.ext_authz",
                Map.of("identity", Map.of("userid", 42, "plan", "gold", "admin", true)))
            .build();
    String configuration =
        """
        {"labels": {"plan": "auth.identity.plan", "user": "auth.identity.userid",
                    "admin": "auth.identity.admin"},
         "metrics": {"c": {"count": "all", "labels": ["plan", "user", "admin"]}}}
        """;

    assertThat(run(configuration, stream, stream).series())
        .isEqualTo(Map.of("c__plan__gold__user__42__admin__true", 2L));
  }

  @Test
  void claimsHaveTheirTypesToo() {
    StreamScenario stream =
        stream()
            .dynamicMetadata(
                "envoy.filters.http.jwt_authn",
                Map.of("payload", Map.of("sub", "12345678", "exp", 1700000000, "admin", true)))
            .build();
    String configuration =
        """
        {"labels": {"sub": "metadata[\\"envoy.filters.http.jwt_authn\\"].payload.sub",
                    "exp": "metadata[\\"envoy.filters.http.jwt_authn\\"].payload[\\"exp\\"]",
                    "admin": "metadata[\\"envoy.filters.http.jwt_authn\\"].payload.admin"},
         "metrics": {"c": {"count": "all", "labels": ["sub", "exp", "admin"]}}}
        """;

    assertThat(run(configuration, stream).series())
        .containsOnlyKeys("c__sub__12345678__exp__1700000000__admin__true");
  }

  @ParameterizedTest
  @CsvSource({
    "int, 4294967296, 4294967296",
    "int, -1, _2d1",
    "double, 4609434218613702656, 1_2e5",
    "string, 3978425819141910832, 01234567",
  })
  void aTypeSaysWhatEightBytesAre(String type, long bytes, String encoded) {
    byte[] value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes).array();
    StreamScenario stream = stream().filterState("x", value).build();

    assertThat(run(labelled("\"" + type + "(filter_state.x)\""), stream).series())
        .containsOnlyKeys("c__l__" + encoded);
  }

  @ParameterizedTest
  @CsvSource({
    "int, 42, 42",
    "int, 42.0, 42",
    "int, 4.5, _none",
    "int, alice, _none",
    "double, 4.50, 4_2e5",
    "double, x, _none",
    "bool, true, true",
    "bool, yes, _none",
    "string, 4.50, 4_2e50",
  })
  void aTextThatIsNotOfTheTypeIsNoValue(String type, String text, String encoded) {
    StreamScenario stream = stream().dynamicMetadata("ns", Map.of("x", text)).build();

    assertThat(run(labelled("\"" + type + "(metadata.ns.x)\""), stream).series())
        .containsOnlyKeys("c__l__" + encoded);
  }

  @Test
  void aConstantStandsInForWhoeverIsNotKnown() {
    FilterRuns.Counted counted =
        run(
            labelled("[\"auth.identity.userid\", \"auth.identity.sub\", \"'anonymous'\"]"),
            extAuthz(Map.of("userid", "alice")),
            extAuthz(Map.of("sub", "bob")),
            stream().build());

    assertThat(counted.series())
        .isEqualTo(Map.of("c__l__alice", 1L, "c__l__bob", 1L, "c__l__anonymous", 1L));
  }

  @Test
  void whatIsNoProtobufIsNobody() {
    byte[] auth = Structs.of(Map.of("identity", Map.of("userid", "alice"))).toByteArray();
    List<StreamScenario> streams = new ArrayList<>();
    for (int size = 0; size < auth.length; size++) {
      streams.add(stream().filterState("wasm.kuadrant.auth", Arrays.copyOf(auth, size)).build());
    }

    assertThat(
            run(labelled("\"auth.identity.userid\""), streams.toArray(StreamScenario[]::new))
                .series())
        .isEqualTo(Map.of("c__l___none", (long) auth.length));
  }

  // Trust.

  private static final String PER_USER =
      """
      {"labels": {"user": "auth.identity.userid"},
       "metrics": {"c": {"count": "all", "labels": ["user"]},
                   "limited": {"count": "limited", "labels": ["user"]},
                   "denied": {"count": "denied", "labels": ["user"]}},
       "budget": {"series": 4}}
      """;

  @Test
  void aForgedHeaderOnARefusedRequestChargesNobodyAndTakesNoBudget() {
    List<StreamScenario> streams = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      for (StreamEnding ending :
          List.of(
              StreamEnding.jwtMissing(Position.BEFORE_OURS),
              StreamEnding.extAuthzDenied(Position.AFTER_OURS),
              StreamEnding.locallyRateLimited(Position.BEFORE_OURS))) {
        streams.add(
            stream()
                .requestHeader("x-user", "victim" + i)
                .requestHeader("userid", "victim" + i)
                .requestHeader("auth.identity.userid", "victim" + i)
                .requestHeader("x-kuadrant-auth", "{\"identity\":{\"userid\":\"victim\"}}")
                .requestHeader("authorization", "Bearer victim" + i)
                .ending(ending)
                .build());
      }
    }
    streams.add(extAuthz(Map.of("userid", "alice")));

    assertThat(run(PER_USER, streams.toArray(StreamScenario[]::new)).series())
        .isEqualTo(
            Map.of(
                "c__user___none", 300L,
                "denied__user___none", 200L,
                "limited__user___none", 100L,
                "c__user__alice", 1L));
  }

  @Test
  void aClaimThatArrivesBothWaysIsTheOneThatAuthenticationMade() {
    StreamScenario both =
        stream()
            .requestHeader("x-user", "mallory")
            .dynamicMetadata(
                "envoy.filters.http.ext_authz", Map.of("identity", Map.of("userid", "alice")))
            .build();
    String configuration =
        """
        {"labels": {"user": {"from": ["auth.identity.userid", "request.headers[\\"x-user\\"]"],
                             "trusted": true}},
         "metrics": {"c": {"count": "all", "labels": ["user"]}}}
        """;

    assertThat(run(configuration, both).series()).containsOnlyKeys("c__user__alice");
  }

  @Test
  void aHeaderThatTheClientSentBesideTheTrustedOneIsNeitherOfTheTwo() {
    String configuration =
        labelled("{\"from\": \"request.headers[\\\"x-user\\\"]\", \"trusted\": true}");
    StreamScenario forged =
        stream().requestHeader("x-user", "victim").requestHeader("x-user", "mallory").build();

    assertThat(run(configuration, forged).series()).containsOnlyKeys("c__l__victim_2cmallory");
  }

  @Test
  void authenticationThatRefusedMayHaveLeftAName() {
    StreamScenario denied =
        stream()
            .dynamicMetadata(
                "envoy.filters.http.ext_authz", Map.of("identity", Map.of("userid", "alice")))
            .ending(StreamEnding.extAuthzDenied(Position.AFTER_OURS))
            .build();

    assertThat(run(PER_USER, denied).series())
        .isEqualTo(Map.of("c__user__alice", 1L, "denied__user__alice", 1L));
  }
}
