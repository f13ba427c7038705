package dev.nametag.hostsim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.gateway.FilterSettings.Attribute;
import dev.nametag.hostsim.gateway.FilterSettings.Condition;
import dev.nametag.hostsim.gateway.FilterSettings.Limit;
import dev.nametag.hostsim.gateway.FilterSettings.Rule;
import dev.nametag.hostsim.gateway.FilterSettings.Style;
import dev.nametag.hostsim.gateway.FilterSettings.Verdict;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.StreamFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Expected codes, flags and details: Envoy's filters of those names; RL is 0x800, UAEX 0x1000. */
class SimulatedFilterTest {

  private Instant now = Instant.parse("2026-01-01T00:00:30Z");

  /** What a filter sees and leaves behind. */
  private static final class Seen implements StreamFilter.View {

    private final HeaderMap headers;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Seen(String... namesAndValues) {
      headers = new HeaderMap(List.of());
      for (int i = 0; i < namesAndValues.length; i += 2) {
        headers.add(ByteString.utf8(namesAndValues[i]), ByteString.utf8(namesAndValues[i + 1]));
      }
    }

    @Override
    public HeaderMap requestHeaders() {
      return headers;
    }

    @Override
    public void addDynamicMetadata(String namespace, Map<String, ?> fields) {
      left.put(namespace, fields);
    }

    @Override
    public void setFilterState(String key, ByteString value) {
      left.put(key, value.toString());
    }

    @Override
    public void resume() {}

    @Override
    public void answer(LocalAnswer answer) {}
  }

  private SimulatedFilter filter(FilterSettings settings) {
    return SimulatedFilter.of(settings, new TestJson(), () -> now);
  }

  private static Caller caller(Map<String, Object> identity) {
    Caller caller = new Caller("127.0.0.1:5");
    caller.identify(identity);
    return caller;
  }

  /** Code, flags and details of the answer; nothing when the request goes on. */
  private static List<Object> verdict(StreamFilter.Decision decision) {
    return decision instanceof StreamFilter.Decision.Answer answer
        ? List.of(answer.answer().code(), answer.answer().flags(), answer.answer().details())
        : List.of();
  }

  private static FilterSettings.ApiKeys keys(boolean anonymous, Style style) {
    Map<String, Object> alice = Map.of("userid", "alice", "groups", List.of("a", "b"));
    return new FilterSettings.ApiKeys(
        "Authorization", Map.of("k1", alice), anonymous, style, "identity");
  }

  @Test
  void aKnownKeyLeavesItsIdentityWhereExtAuthzDoes() {
    Seen seen = new Seen("authorization", "bearer  k1");

    assertThat(verdict(filter(keys(false, Style.ENVOY)).decide(seen, caller(Map.of())))).isEmpty();
    assertThat(seen.left)
        .isEqualTo(
            Map.of(
                "envoy.filters.http.ext_authz",
                Map.of("identity", Map.of("userid", "alice", "groups", List.of("a", "b")))));
  }

  @Test
  void aKnownKeyLeavesItsIdentityWhereKuadrantDoes() {
    Seen seen = new Seen("authorization", "k1");

    assertThat(verdict(filter(keys(false, Style.KUADRANT)).decide(seen, caller(Map.of()))))
        .isEmpty();
    assertThat(seen.left)
        .isEqualTo(
            Map.of(
                "wasm.kuadrant.auth.identity.userid", "\"alice\"",
                "wasm.kuadrant.auth.identity.groups", "[\"a\",\"b\"]"));
  }

  @Test
  void unknownKeysAreDenied() {
    SimulatedFilter envoy = filter(keys(false, Style.ENVOY));
    SimulatedFilter kuadrant = filter(keys(false, Style.KUADRANT));
    SimulatedFilter lenient = filter(keys(true, Style.ENVOY));
    Seen unknown = new Seen("authorization", "Bearer k2");

    assertThat(verdict(envoy.decide(unknown, caller(Map.of()))))
        .isEqualTo(List.of(401, 0x1000L, "ext_authz_denied"));
    assertThat(verdict(envoy.decide(new Seen(), caller(Map.of())))).isNotEmpty();
    assertThat(verdict(kuadrant.decide(unknown, caller(Map.of())))).isEqualTo(List.of(401, 0L, ""));
    assertThat(verdict(lenient.decide(unknown, caller(Map.of())))).isNotEmpty();
    assertThat(verdict(lenient.decide(new Seen(), caller(Map.of())))).isEmpty();
  }

  @Test
  void headersBecomeMetadata() {
    Seen seen = new Seen("x-user", "alice", "x-user", "bob", "x-other", "1");
    FilterSettings settings =
        new FilterSettings.HeadersToMetadata("envoy.lb", Map.of("x-user", "userid"), true);

    assertThat(verdict(filter(settings).decide(seen, caller(Map.of())))).isEmpty();
    assertThat(seen.left).isEqualTo(Map.of("envoy.lb", Map.of("userid", "alice,bob")));
    assertThat(seen.headers.headers()).containsExactly(Header.of("x-other", "1"));
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    List<Condition> bob = List.of(new Condition(new Attribute.Identity("userid"), "bob"));
    FilterSettings settings =
        new FilterSettings.ExtAuthz(
            List.of(
                rule(
                    "/admin",
                    List.of(new Condition(new Attribute.Identity("groups"), "root")),
                    Verdict.ALLOW),
                rule("/admin", List.of(), Verdict.DENY),
                rule("/", bob, Verdict.ERROR)),
            false);
    SimulatedFilter filter = filter(settings);
    Seen admin = new Seen(":path", "/admin/x", ":method", "GET");
    Seen other = new Seen(":path", "/x", ":method", "GET");

    assertThat(verdict(filter.decide(admin, caller(Map.of("groups", List.of("x", "root"))))))
        .isEmpty();
    assertThat(verdict(filter.decide(admin, caller(Map.of("groups", List.of("x"))))))
        .isEqualTo(List.of(451, 0x1000L, "ext_authz_denied"));
    assertThat(verdict(filter.decide(other, caller(Map.of("userid", "bob")))))
        .isEqualTo(List.of(403, 0x1000L, "ext_authz_error"));
    assertThat(verdict(filter.decide(other, caller(Map.of("userid", "eve"))))).isEmpty();
  }

  private static Rule rule(String prefix, List<Condition> when, Verdict verdict) {
    return new Rule(Optional.of(prefix), Optional.of("GET"), when, verdict, 451, "");
  }

  @Test
  void aBucketIsFilledAgain() {
    SimulatedFilter filter =
        filter(new FilterSettings.LocalRateLimit(3, 2, Duration.ofSeconds(10)));
    Caller caller = caller(Map.of());

    assertThat(passing(filter, caller, 5)).isEqualTo(3);
    now = now.plusSeconds(9);
    assertThat(passing(filter, caller, 5)).isZero();
    now = now.plusSeconds(1);
    assertThat(passing(filter, caller, 5)).isEqualTo(2);
    now = now.plus(Duration.ofDays(10_000));
    assertThat(passing(filter, caller, 5)).isEqualTo(3);
    assertThat(verdict(filter.decide(new Seen(), caller)))
        .isEqualTo(List.of(429, 0x800L, "local_rate_limited"));
  }

  private static int passing(SimulatedFilter filter, Caller caller, int requests) {
    int passed = 0;
    for (int i = 0; i < requests; i++) {
      passed += verdict(filter.decide(new Seen(":path", "/"), caller)).isEmpty() ? 1 : 0;
    }
    return passed;
  }

  @Test
  void callersAreCountedApartInWindows() {
    Limit perUser =
        new Limit(2, Duration.ofMinutes(1), List.of(new Attribute.Identity("userid")), List.of());
    Limit forFree =
        new Limit(
            3,
            Duration.ofMinutes(1),
            List.of(),
            List.of(new Condition(new Attribute.Identity("tier"), "free")));
    SimulatedFilter filter =
        filter(new FilterSettings.RateLimit(List.of(perUser, forFree), Style.ENVOY));

    assertThat(passing(filter, caller(Map.of("userid", "a")), 5)).isEqualTo(2);
    assertThat(passing(filter, caller(Map.of("userid", "b")), 5)).isEqualTo(2);
    assertThat(passing(filter, caller(Map.of()), 5)).isEqualTo(5);
    assertThat(passing(filter, caller(Map.of("tier", "free")), 5)).isEqualTo(3);
    now = now.plusSeconds(30);
    assertThat(passing(filter, caller(Map.of("userid", "a")), 5)).isEqualTo(2);
    assertThat(verdict(filter.decide(new Seen(), caller(Map.of("userid", "a")))))
        .isEqualTo(List.of(429, 0x800L, "request_rate_limited"));
  }

  @Test
  void whoHasNotCalledForTheLongestTimeIsForgottenWhenThereAreTooMany() {
    Limit perUser =
        new Limit(2, Duration.ofMinutes(1), List.of(new Attribute.Identity("userid")), List.of());
    SimulatedFilter filter = filter(new FilterSettings.RateLimit(List.of(perUser), Style.ENVOY));
    passing(filter, caller(Map.of("userid", "early")), 1);
    passing(filter, caller(Map.of("userid", "steady")), 1);
    for (int i = 0; i < RateLimitFilter.MAX_CALLERS - 2; i++) {
      passing(filter, caller(Map.of("userid", "u" + i)), 1);
    }
    passing(filter, caller(Map.of("userid", "steady")), 1);
    passing(filter, caller(Map.of("userid", "one too many")), 1);

    assertThat(passing(filter, caller(Map.of("userid", "steady")), 1)).isZero();
    assertThat(passing(filter, caller(Map.of("userid", "early")), 3)).isEqualTo(2);
  }

  @Test
  void kuadrantLimitsWithoutFlags() {
    Limit none = new Limit(0, Duration.ofMinutes(1), List.of(), List.of());
    SimulatedFilter filter = filter(new FilterSettings.RateLimit(List.of(none), Style.KUADRANT));

    assertThat(verdict(filter.decide(new Seen(), caller(Map.of()))))
        .isEqualTo(List.of(429, 0L, ""));
  }

  @Test
  void attributesAreNamed() {
    assertThat(Attribute.parse("identity.userid")).contains(new Attribute.Identity("userid"));
    assertThat(Attribute.parse("header.x-a")).contains(new Attribute.Header("x-a"));
    assertThat(Attribute.parse("remote_address")).contains(new Attribute.RemoteAddress());
    assertThat(Attribute.parse("path")).contains(new Attribute.Path());
    assertThat(Attribute.parse("identity.")).isEmpty();
    assertThat(Attribute.parse("user")).isEmpty();
    Seen seen = new Seen(":path", "/a?b", "x-a", "1");
    Caller caller = caller(Map.of());
    assertThat(caller.values(new Attribute.Path(), seen.headers)).containsExactly("/a");
    assertThat(caller.values(new Attribute.Header("X-A"), seen.headers)).containsExactly("1");
    assertThat(caller.values(new Attribute.RemoteAddress(), seen.headers))
        .containsExactly("127.0.0.1");
  }
}
