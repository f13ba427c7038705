package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.json.JsonWriter;
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
  /** Returns what the filter runs on. */
  abstract FilterContract host();

  private FilterContract.Counted run(String configuration, StreamScenario... streams) {
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

    FilterContract.Counted counted =
        run(
            labelled("\"auth.identity.userid\""),
            extAuthz(identity),
            kuadrant12(identity),
            kuadrant13(identity));

    assertThat(counted.series()).isEqualTo(Map.of("c__l__" + encoded, 3L));
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
    FilterContract.Counted counted =
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

  static Stream<Arguments> lists() {
    List<Object> forms =
        List.of(
            List.of("premium", "free"),
            "premium,free",
            " premium , free ",
            "[\"premium\", \"free\"]",
            "\"premium,free\"",
            "\"premium\",\"free\"",
            "premium,,free,premium",
            List.of("premium", "free", "premium", ""));
    return forms.stream()
        .flatMap(
            form -> Stream.of("first", "joined", "all").map(policy -> Arguments.of(form, policy)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void everyFormOfAListIsTheSame(Object groups, String policy) {
    Map<String, Object> identity = Map.of("groups", groups);

    FilterContract.Counted counted =
        run(list(policy), extAuthz(identity), kuadrant12(identity), kuadrant13(identity));

    Map<String, Long> expected =
        switch (policy) {
          case "first" -> Map.of("c__l__premium", 3L);
          case "joined" -> Map.of("c__l__free_2bpremium", 3L);
          default -> Map.of("c__l__free", 3L, "c__l__premium", 3L);
        };
    assertThat(counted.series()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"first", "joined", "all"})
  void oneGroupIsAListOfOne(String policy) {
    Map<String, Object> one = Map.of("groups", "premium");
    Map<String, Object> list = Map.of("groups", List.of("premium"));

    assertThat(
            run(
                    list(policy),
                    extAuthz(one),
                    kuadrant12(one),
                    kuadrant13(one),
                    extAuthz(list),
                    kuadrant12(list),
                    kuadrant13(list))
                .series())
        .isEqualTo(Map.of("c__l__premium", 6L));
  }

  @ParameterizedTest
  @CsvSource({"first", "joined", "all"})
  void anEmptyListIsNoGroup(String policy) {
    Map<String, Object> none = Map.of("groups", List.of());
    Map<String, Object> empty = Map.of("groups", "");

    assertThat(
            run(
                    list(policy),
                    extAuthz(none),
                    kuadrant12(none),
                    kuadrant13(none),
                    extAuthz(empty),
                    kuadrant12(empty),
                    kuadrant13(empty),
                    stream().build())
                .series())
        .isEqualTo(Map.of("c__l___none", 7L));
  }

  @Test
  void elementsAreTakenWithTheirCommasAndNeverLookLikeTwo() {
    List<List<String>> lists =
        List.of(
            List.of("a,b"),
            List.of("a", "b"),
            List.of("a+b"),
            List.of("a\\", "b"),
            List.of("a\\+b"),
            List.of("a\\", "+b"),
            List.of("a+", "b"),
            List.of("a", "+b"));
    List<StreamScenario> streams = new ArrayList<>();
    for (List<String> each : lists) {
      Map<String, Object> identity = Map.of("groups", each);
      streams.addAll(List.of(extAuthz(identity), kuadrant12(identity), kuadrant13(identity)));
    }

    assertThat(run(list("joined"), streams.toArray(StreamScenario[]::new)).series())
        .hasSize(lists.size())
        .allSatisfy((name, count) -> assertThat(count).isEqualTo(3));
  }

  @Test
  void typesInListsHaveTheirTexts() {
    List<Object> mixed = new ArrayList<>(List.of(3, true, "x", 0.5));
    Map<String, Object> identity = Map.of("groups", mixed);

    assertThat(
            run(list("joined"), extAuthz(identity), kuadrant12(identity), kuadrant13(identity))
                .series())
        .isEqualTo(Map.of("c__l__0_2e5_2b3_2btrue_2bx", 3L));
  }

  @Test
  void aRequestCountsOncePerGroupAndOnceElsewhere() {
    String configuration =
        """
        {"labels": {"user": "auth.identity.userid",
                    "group": {"from": "auth.identity.groups", "list": "all"}},
         "metrics": {"per_group": {"count": "all", "labels": ["user", "group"]},
                     "per_user": {"count": "all", "labels": ["user"]},
                     "limited": {"count": "limited", "labels": ["group", "user"]},
                     "requests": {"count": "all"}}}
        """;
    StreamScenario two = extAuthz(Map.of("userid", "alice", "groups", List.of("b", "a", "b")));

    FilterContract.Counted counted =
        run(configuration, two, two, extAuthz(Map.of("userid", "bob")), two);

    assertThat(counted.series())
        .isEqualTo(
            Map.of(
                "per_group__user__alice__group__a", 3L,
                "per_group__user__alice__group__b", 3L,
                "per_group__user__bob__group___none", 1L,
                "per_user__user__alice", 3L,
                "per_user__user__bob", 1L,
                "requests", 4L));
  }

  @Test
  void thirtyTwoGroupsCountAndTheRestAreOne() {
    List<String> groups = new ArrayList<>();
    for (int i = 10; i < 50; i++) {
      groups.add("g" + i);
    }
    Map<String, Long> expected = new TreeMap<>();
    groups.subList(0, 32).forEach(group -> expected.put("c__l__" + group, 2L));
    expected.put("c__l___other", 2L);

    assertThat(
            run(
                    list("all"),
                    extAuthz(Map.of("groups", groups)),
                    kuadrant13(Map.of("groups", groups)))
                .series())
        .isEqualTo(expected);
  }

  @Test
  void longElementsAndListsThatAreNotRememberedCountAsWell() {
    String one = "x".repeat(500) + "1";
    String other = "x".repeat(500) + "2";
    StreamScenario stream = extAuthz(Map.of("groups", List.of(one, other)));

    Map<String, Long> series =
        run(list("all"), stream, stream, kuadrant13(Map.of("groups", List.of(other, one))))
            .series();

    assertThat(series).hasSize(2).allSatisfy((name, count) -> assertThat(count).isEqualTo(3));
  }

  @Test
  void moreListsThanAreRememberedAreAllCounted() {
    List<StreamScenario> streams = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      streams.add(extAuthz(Map.of("groups", List.of("b" + i, "a"))));
    }

    Map<String, Long> series = run(list("joined"), streams.toArray(StreamScenario[]::new)).series();

    assertThat(series).hasSize(1100).containsEntry("c__l__a_2bb1099", 1L);
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

  static StreamScenario.Builder stream() {
    return StreamScenario.builder().path("/");
  }

  static String labelled(String label) {
    return "{\"labels\": {\"l\": "
        + label
        + "}, \"metrics\": {\"c\": {\"count\": \"all\", \"labels\": [\"l\"]}}}";
  }

  private static String list(String policy) {
    return labelled("{\"from\": \"auth.identity.groups\", \"list\": \"" + policy + "\"}");
  }

  static StreamScenario extAuthz(Map<String, Object> identity) {
    return stream()
        .dynamicMetadata("envoy.filters.http.ext_authz", Map.of("identity", identity))
        .build();
  }

  /** wasm-shim up to 0.12: one key per leaf, JSON text; numbers are doubles there. */
  private static StreamScenario kuadrant12(Map<String, Object> identity) {
    StreamScenario.Builder stream = stream();
    identity.forEach(
        (key, value) ->
            stream.filterState(
                "wasm.kuadrant.auth.identity." + key,
                value instanceof Number number
                    ? Double.toString(number.doubleValue())
                    : JsonWriter.write(value).replace("\n", "")));
    return stream.build();
  }

  /** wasm-shim from 0.13 on: one Struct. */
  private static StreamScenario kuadrant13(Map<String, Object> identity) {
    return stream()
        .filterState("wasm.kuadrant.auth", Structs.of(Map.of("identity", identity)).toByteArray())
        .build();
  }
}
