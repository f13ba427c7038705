package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected text: Envoy source/server/admin/prometheus_stats.cc. Where a name is not plain, the
 * expectation is derived from that code and RE2's, and was not seen in a running Envoy.
 */
class PrometheusPageTest {

  private final Stats stats = new Stats();

  @ParameterizedTest(name = "[{0}]")
  @CsvSource({
    "kuota.calls.alice, kuota_calls_alice",
    "'', envoy_wasmcustom",
    ".x, _x",
    "x.., x",
    "a:b c/é, a_b_c__",
    "user=.=a.b@c;.;calls, user___a_b_c___calls",
    "_, _"
  })
  void aNameIsMadePresentable(String name, String shown) {
    count(name);

    assertThat(page()).isEqualTo("# TYPE " + shown + " counter\n" + shown + "{} 1\n");
  }

  @Test
  void aNameThatBeginsWithADigitIsLeftOut() {
    count("9lives");

    assertThat(page()).isEmpty();
  }

  @Test
  void bytesThatAreNotUtf8StayAsTheyAre() {
    stats.defineCounter(
        StatName.custom(ByteString.of((byte) 'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa9)));

    assertThat(new String(stats.prometheusPage(), ISO_8859_1))
        .isEqualTo("# TYPE a\u00ff_ counter\na\u00ff_{} 0\n");
  }

  @Test
  void aSequenceThatIsCutOffIsNotUtf8() {
    stats.defineCounter(StatName.custom(ByteString.of((byte) 'a', (byte) 0xe2, (byte) 0x82)));

    assertThat(new String(stats.prometheusPage(), ISO_8859_1)).contains("a\u00e2\u0082{} 0\n");
  }

  @Test
  void groupsAreOrderedTokenByToken() {
    count("a-b");
    count("a.b");
    count("a");
    count("a_b");

    assertThat(page())
        .isEqualTo(
            """
            # TYPE a counter
            a{} 1
            # TYPE a_b counter
            a_b{} 1
            # TYPE a_b counter
            a_b{} 1
            # TYPE a_b counter
            a_b{} 1
            """);
    assertThat(StatName.custom(ByteString.utf8("a.b")))
        .isLessThan(StatName.custom(ByteString.utf8("a-b")));
    assertThat(StatName.custom(ByteString.utf8("a-b")))
        .isLessThan(StatName.custom(ByteString.utf8("a_b")));
  }

  @Test
  void countersComeBeforeGaugesAndGaugesBeforeHistograms() {
    stats.defineHistogram(StatName.custom(ByteString.utf8("a")));
    stats.defineGauge(StatName.custom(ByteString.utf8("b"))).set(-1);
    count("c");

    assertThat(page())
        .startsWith(
            """
            # TYPE c counter
            c{} 1
            # TYPE b gauge
            b{} 18446744073709551615
            # TYPE a histogram
            a_bucket{le="0.5"} 0
            a_bucket{le="1"} 0
            """)
        .endsWith("a_bucket{le=\"+Inf\"} 0\na_sum{} 0\na_count{} 0\n");
  }

  /** OutputWithAllMetricTypes in Envoy test/server/admin/prometheus_stats_test.cc. */
  @Test
  void aHistogramGivesEnvoysNumbers() {
    Histogram histogram = stats.defineHistogram(StatName.custom(ByteString.utf8("rq_time")));
    for (long value : new long[] {50, 20, 30, 70, 100, 5000, 200}) {
      histogram.record(value);
    }

    assertThat(page())
        .isEqualTo(
            """
            # TYPE rq_time histogram
            rq_time_bucket{le="0.5"} 0
            rq_time_bucket{le="1"} 0
            rq_time_bucket{le="5"} 0
            rq_time_bucket{le="10"} 0
            rq_time_bucket{le="25"} 1
            rq_time_bucket{le="50"} 3
            rq_time_bucket{le="100"} 5
            rq_time_bucket{le="250"} 6
            rq_time_bucket{le="500"} 6
            rq_time_bucket{le="1000"} 6
            rq_time_bucket{le="2500"} 6
            rq_time_bucket{le="5000"} 7
            rq_time_bucket{le="10000"} 7
            rq_time_bucket{le="30000"} 7
            rq_time_bucket{le="60000"} 7
            rq_time_bucket{le="300000"} 7
            rq_time_bucket{le="600000"} 7
            rq_time_bucket{le="1800000"} 7
            rq_time_bucket{le="3600000"} 7
            rq_time_bucket{le="+Inf"} 7
            rq_time_sum{} 5531.1160155998386471765115857124
            rq_time_count{} 7
            """);
  }

  @ParameterizedTest
  @CsvSource({"255, 250", "105, 100", "9, 10", "0, 0.5"})
  void aSampleCountsWithItsWholeBin(long value, String bound) {
    stats.defineHistogram(StatName.custom(ByteString.utf8("h"))).record(value);

    assertThat(page()).contains("h_bucket{le=\"" + bound + "\"} 1\n");
  }

  @Test
  void usedOnlyHidesWhatWasNeverWritten() {
    count("used");
    stats.defineCounter(StatName.custom(ByteString.utf8("unused")));
    stats.defineCounter(StatName.custom(ByteString.utf8("zero"))).add(0);
    stats.defineGauge(StatName.custom(ByteString.utf8("subtracted"))).subtract(1);
    stats.defineHistogram(StatName.custom(ByteString.utf8("histogram")));

    assertThat(new String(stats.prometheusPage(StatsQuery.of(true, "")), UTF_8))
        .isEqualTo(
            """
            # TYPE used counter
            used{} 1
            # TYPE zero counter
            zero{} 0
            """);
  }

  @Test
  void theFilterSeesTheNameWithItsNamespace() {
    count("calls.alice");
    count("calls.bob");

    assertThat(new String(stats.prometheusPage(StatsQuery.of(false, "m\\.calls\\.a")), UTF_8))
        .isEqualTo("# TYPE calls_alice counter\ncalls_alice{} 1\n");
  }

  @Test
  void aFilterThatIsNoRegexIsRefused() {
    assertThatThrownBy(() -> StatsQuery.of(false, "a("))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid re2 regex: ");
  }

  @Test
  void thePlainPageIsInTheOrderOfBytes() {
    count("a.b");
    count("a-b");
    stats.defineGauge(StatName.custom(ByteString.utf8("a.a"))).set(3);

    assertThat(new String(stats.plainPage(), UTF_8))
        .isEqualTo("wasmcustom.a-b: 1\nwasmcustom.a.a: 3\nwasmcustom.a.b: 1\n");
  }

  private void count(String name) {
    stats.defineCounter(StatName.custom(ByteString.utf8(name))).add(1);
  }

  private String page() {
    return new String(stats.prometheusPage(), UTF_8);
  }
}
