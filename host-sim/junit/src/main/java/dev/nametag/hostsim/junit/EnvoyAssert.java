package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.upstream.GrpcUpstream;
import dev.nametag.hostsim.upstream.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractLongAssert;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/**
 * Assertions about what a filter has counted, logged and asked of others, in all its VMs together.
 * A failure about metrics shows the stats that are there, one about the log its lines.
 */
public final class EnvoyAssert extends AbstractAssert<EnvoyAssert, SimulatedEnvoy> {

  /** What Envoy puts in front of the names of a module's metrics. */
  private static final String PREFIX = "wasmcustom.";

  private final TestLog log;
  private final Calls calls;

  EnvoyAssert(SimulatedEnvoy envoy, TestLog log, Calls calls) {
    super(envoy, EnvoyAssert.class);
    this.log = log;
    this.calls = calls;
  }

  /** There is a counter that the filter defined by that name; goes on to its value. */
  public AbstractLongAssert<?> counter(String name) {
    return value("counter", name, actual.stats().counter(PREFIX + name));
  }

  /** There is a gauge that the filter defined by that name; goes on to its value. */
  public AbstractLongAssert<?> gauge(String name) {
    return value("gauge", name, actual.stats().gauge(PREFIX + name));
  }

  /** The filter defined no counter and no gauge by that name. */
  public EnvoyAssert hasNoMetric(String name) {
    if (actual.stats().counter(PREFIX + name).isPresent()
        || actual.stats().gauge(PREFIX + name).isPresent()) {
      failWithMessage("expected no metric %s%n%s", name, stats());
    }
    return this;
  }

  /** Goes on to the body of {@code /stats/prometheus}; here are histograms, too. */
  public AbstractStringAssert<?> prometheusPage() {
    return Assertions.assertThat(page()).as("/stats/prometheus");
  }

  /** {@code /stats/prometheus} has that line, such as {@code calls{} 1}. */
  public EnvoyAssert hasLine(String line) {
    if (page().lines().noneMatch(line::equals)) {
      failWithMessage("expected the line %s in /stats/prometheus:%n%s", line, page());
    }
    return this;
  }

  /** The filter has logged exactly that text at that level, at least once. */
  public EnvoyAssert hasLogged(LogLevel level, String text) {
    return found(
        line -> line.level() == level && text(line).equals(text), level + " " + text + " logged");
  }

  /** Nothing has been logged at that level or above it, by the filter or by Envoy about it. */
  public EnvoyAssert hasLoggedNothingFrom(LogLevel least) {
    if (log.lines().stream().anyMatch(line -> line.level().compareTo(least) >= 0)) {
      failWithMessage("expected nothing from %s on%n%s", least, log.text());
    }
    return this;
  }

  /**
   * Goes on to what the filter has logged, without Envoy's prefix. Every VM logs by itself: the
   * canary, the main thread's and each worker's.
   */
  public ListAssert<String> logged() {
    List<String> texts =
        log.lines().stream()
            .filter(line -> line.message().startsWith("wasm log"))
            .map(EnvoyAssert::text)
            .toList();
    return Assertions.assertThat(texts).as("what the filter logged");
  }

  /**
   * Goes on to the HTTP calls that the filter has made of a cluster, in order; only those that an
   * {@link EnvoyExtension#httpCluster} got.
   */
  public ListAssert<HttpCall> httpCalls(String cluster) {
    return Assertions.assertThat(calls.http(cluster)).as("HTTP calls of %s", cluster);
  }

  /**
   * Goes on to what the filter has asked of a cluster by gRPC, in order; only what an {@link
   * EnvoyExtension#grpcCluster} got.
   */
  public ListAssert<GrpcUpstream.Request> grpcRequests(String cluster) {
    return Assertions.assertThat(calls.grpc(cluster)).as("gRPC requests to %s", cluster);
  }

  private EnvoyAssert found(Predicate<LogLine> wanted, String expected) {
    if (log.lines().stream().noneMatch(wanted)) {
      failWithMessage("expected %s%n%s", expected, log.text());
    }
    return this;
  }

  private AbstractLongAssert<?> value(String kind, String name, OptionalLong value) {
    if (value.isEmpty()) {
      failWithMessage("expected a %s %s%n%s", kind, name, stats());
    }
    return Assertions.assertThat(value.getAsLong()).as(() -> kind + " " + name + "\n" + stats());
  }

  private String stats() {
    String page = new String(actual.stats().plainPage(), StandardCharsets.UTF_8);
    return page.isEmpty() ? "there are no stats" : "the stats:\n" + page.indent(2).stripTrailing();
  }

  private String page() {
    return new String(actual.stats().prometheusPage(), StandardCharsets.UTF_8);
  }

  /** {@code wasm log name root_id vm_id: text}. */
  private static String text(LogLine line) {
    return line.message().substring(line.message().indexOf(": ") + 2);
  }
}
