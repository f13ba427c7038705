package dev.nametag.plugin;

import static dev.nametag.plugin.Identities.extAuthz;
import static dev.nametag.plugin.Identities.kuadrant12;
import static dev.nametag.plugin.Identities.kuadrant13;
import static dev.nametag.plugin.Identities.labelled;
import static dev.nametag.plugin.Identities.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamScenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What labels show of lists, in whatever form those come, and on whatever the filter runs. */
abstract class ListContract {
  /** Returns what the filter runs on. */
  abstract FilterRuns host();

  private FilterRuns.Counted run(String configuration, StreamScenario... streams) {
    return host().run(configuration, Map.of(), Map.of(), List.of(streams));
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

    FilterRuns.Counted counted =
        run(list(policy), extAuthz(identity), kuadrant12(identity), kuadrant13(identity));

    Map<String, Long> expected =
        switch (policy) {
          case "first" -> Map.of("c__l__premium", 3L);
          case "joined" -> Map.of("c__l__free_2bpremium", 3L);
          default -> Map.of("c__l__free", 3L, "c__l__premium", 3L);
        };
    assertThat(counted.series()).isEqualTo(expected);
  }

  /** What has no room in the arena is read again; by then the list has been read. */
  @ParameterizedTest
  @CsvSource({"2, 2", "0.5, 0"})
  void everyElementIsCountedBesideAValueWithoutRoom(double tokens, long sum) {
    StreamScenario stream =
        stream()
            .dynamicMetadata("ns", Map.of("filler", "q".repeat(70_000), "tokens", tokens))
            .dynamicMetadata(
                "envoy.filters.http.ext_authz",
                Map.of("identity", Map.of("groups", List.of("a", "b", "c"))))
            .build();
    String configuration =
        """
        {"labels": {"group": {"from": "auth.identity.groups", "list": "all"}},
         "metrics": {"calls": {"count": "all", "labels": ["group"]},
                     "tokens": {"count": "all", "labels": ["group"],
                                "add": "metadata.ns.tokens"}}}
        """;

    Map<String, Long> expected = new TreeMap<>();
    for (String group : List.of("a", "b", "c")) {
      expected.put("calls__group__" + group, 2L);
      if (sum > 0) {
        expected.put("tokens__group__" + group, 2 * sum);
      }
    }
    assertThat(run(configuration, stream, stream).series()).isEqualTo(expected);
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

    FilterRuns.Counted counted =
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

  private static String list(String policy) {
    return labelled("{\"from\": \"auth.identity.groups\", \"list\": \"" + policy + "\"}");
  }
}
