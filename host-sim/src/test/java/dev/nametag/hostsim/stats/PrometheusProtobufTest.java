package dev.nametag.hostsim.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.DynamicMessage;
import dev.nametag.hostsim.bytes.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The page as protobuf-java reads it. Expected values: Envoy
 * test/server/admin/prometheus_stats_test.cc, ProtobufOutputWith… and NativeHistogram….
 */
class PrometheusProtobufTest {

  private final Stats stats = new Stats(StatsSettings.of(TagSet.istio(List.of("user", "b"))));

  @Test
  void countersAndGaugesHaveLabelsAndValues() throws Exception {
    stats.defineCounter(custom("user=.=alice;.;b=.=x;.;calls")).add(42);
    stats.defineCounter(custom("user=.=bob;.;calls"));
    stats.defineGauge(custom("active")).set(7);

    assertThat(families(Map.of()))
        .containsExactly(
            "name: \"calls\" type: 0"
                + " metric { label { name: \"user\" value: \"alice\" }"
                + " label { name: \"b\" value: \"x\" } counter { value: 42.0 } }"
                + " metric { label { name: \"user\" value: \"bob\" } counter { value: 0.0 } }",
            "name: \"active\" type: 1 metric { gauge { value: 7.0 } }");
  }

  @Test
  void histogramsAreCumulativeAndWithoutTheInfiniteBucket() throws Exception {
    Stats some =
        new Stats(
            StatsSettings.ENVOY.with(
                new HistogramBuckets(StatsMatcher.Match.prefix("wasm"), List.of(10.0, 100.0))));
    Histogram histogram = some.defineHistogram(custom("h"));
    for (int value : new int[] {0, 20, 5000}) {
      histogram.record(value);
    }

    // 20 + 20 / 41 and 5000 + 100 * 5000 / 10100: the middles of their bins.
    double sum = 20 + 20.0 / 41 + (5000 + 100 * (5000.0 / 10100));
    assertThat(families(some, Map.of()))
        .containsExactly(
            "name: \"h\" type: 4 metric { histogram { sample_count: 3 sample_sum: "
                + sum
                + " bucket { cumulative_count: 1 upper_bound: 10.0 }"
                + " bucket { cumulative_count: 2 upper_bound: 100.0 } } }");
  }

  @Test
  void summariesHaveTheQuantilesOfTheInterval() throws Exception {
    stats.defineHistogram(custom("h")).record(0);

    assertThat(families(Map.of("histogram_buckets", "summary")))
        .singleElement()
        .asString()
        .startsWith(
            "name: \"h\" type: 2 metric { summary { sample_count: 1 sample_sum: 0.0"
                + " quantile { quantile: 0.0 value: 0.0 } quantile { quantile: 0.25 value: 0.0 }")
        .endsWith("quantile { quantile: 1.0 value: 0.0 } } }");
  }

  @Test
  void anEmptyNativeHistogramHasASpanOfNothing() throws Exception {
    stats.defineHistogram(custom("h"));

    assertThat(nativeHistogram(20))
        .isEqualTo("schema: 3 zero_count: 0 positive_span { offset: 0 length: 0 }");
  }

  @Test
  void zerosAreInTheBucketOfZeros() throws Exception {
    record(0, 0, 0, 0, 0);

    assertThat(nativeHistogram(20))
        .isEqualTo("sample_count: 5 sample_sum: 0.0 schema: 4 zero_threshold: 0.5 zero_count: 5");
  }

  /** NativeHistogramWithBoundaryValues: 1 is in bucket -1, and 2, a power of the base, in 16. */
  @Test
  void boundsAreWhereEnvoyHasThem() throws Exception {
    record(0, 0, 1, 1, 1, 2, 2);

    assertThat(nativeHistogram(20))
        .startsWith("sample_count: 7 ")
        .endsWith(
            "schema: 4 zero_threshold: 0.5 zero_count: 2 positive_span { offset: -1 length: 1 }"
                + " positive_span { offset: 16 length: 1 }"
                + " positive_delta: 3 positive_delta: -1");
  }

  /**
   * NativeHistogramWithWideRange: at schema -3, a bucket is 256 times as wide as the one before.
   */
  @Test
  void bucketsAreAsFineAsTheyMayBeMany() throws Exception {
    record(1, 10, 100, 1000, 10000, 100000);

    assertThat(nativeHistogram(5))
        .startsWith("sample_count: 6 ")
        .endsWith(
            "schema: -3 zero_threshold: 0.5 zero_count: 0 positive_span { offset: -1 length: 4 }"
                + " positive_delta: 1 positive_delta: 1 positive_delta: 0 positive_delta: -1");
  }

  /** NativeHistogramSchemaReduction. */
  @Test
  void tenBucketsReachFromOneToAHundredAtSchemaZero() throws Exception {
    record(IntStream.rangeClosed(1, 100).toArray());

    assertThat(nativeHistogram(10)).startsWith("sample_count: 100 ").contains(" schema: 0 ");
  }

  private void record(int... values) {
    for (int value : values) {
      stats.defineHistogram(custom("h")).record(value);
    }
  }

  private String nativeHistogram(int maxBuckets) throws Exception {
    String family =
        families(
                Map.of(
                    "histogram_buckets",
                    "prometheusnative",
                    "native_histogram_max_buckets",
                    String.valueOf(maxBuckets)))
            .get(0);
    String start = "name: \"h\" type: 4 metric { histogram { ";
    assertThat(family).startsWith(start).endsWith(" } }");
    return family.substring(start.length(), family.length() - " } }".length());
  }

  @Test
  void textReadoutsAreGaugesWithTheTextAsALabel() throws Exception {
    stats.defineTextReadout(new StatName(ByteString.utf8("control_plane.identifier"))).set("CP-1");

    assertThat(families(Map.of("text_readouts", "")))
        .containsExactly(
            "name: \"envoy_control_plane_identifier\" type: 1"
                + " metric { label { name: \"text_value\" value: \"CP-1\" }"
                + " gauge { value: 0.0 } }");
  }

  /** sanitizeValue is for the text, and is called here, too. */
  @Test
  void valuesAreEscapedAsInTheText() throws Exception {
    TagSet.Specifier tag = TagSet.Specifier.fixed("user", "a\"b\\c\nd");
    Stats some = new Stats(TagSet.custom(List.of(tag), false));
    some.defineCounter(custom("calls")).add(1);

    DynamicMessage label = first(first(read(some, Map.of()).get(0), "metric"), "label");
    assertThat(label.getField(label.getDescriptorForType().findFieldByName("value")))
        .isEqualTo("a\\\"b\\\\c\\nd");
  }

  @Test
  void aNameThatBeginsWithADigitIsLeftOut() throws Exception {
    stats.defineCounter(custom("9lives"));

    assertThat(families(Map.of())).isEmpty();
  }

  @Test
  void numbersAreUnsigned() throws Exception {
    stats.defineGauge(custom("g")).subtract(1);

    assertThat(families(Map.of()))
        .containsExactly("name: \"g\" type: 1 metric { gauge { value: 1.8446744073709552E19 } }");
  }

  private List<String> families(Map<String, String> query) throws Exception {
    return families(stats, query);
  }

  private static List<String> families(Stats stats, Map<String, String> query) throws Exception {
    return read(stats, query).stream()
        .map(family -> family.toString().strip().replaceAll("\\s+", " "))
        .toList();
  }

  private static List<DynamicMessage> read(Stats stats, Map<String, String> query)
      throws IOException, DescriptorValidationException {
    CodedInputStream page =
        CodedInputStream.newInstance(stats.prometheusProtobuf(StatsQuery.of(query)));
    Descriptor family = MetricsSchema.get().findMessageTypeByName("MetricFamily");
    List<DynamicMessage> families = new ArrayList<>();
    while (!page.isAtEnd()) {
      int end = page.pushLimit(page.readRawVarint32());
      DynamicMessage message = DynamicMessage.parseFrom(family, page);
      assertThat(message.getUnknownFields().asMap()).isEmpty();
      families.add(message);
      page.popLimit(end);
    }
    return families;
  }

  private static DynamicMessage first(DynamicMessage parent, String field) {
    return (DynamicMessage)
        parent.getRepeatedField(parent.getDescriptorForType().findFieldByName(field), 0);
  }

  private static StatName custom(String name) {
    return StatName.custom(ByteString.utf8(name));
  }
}
