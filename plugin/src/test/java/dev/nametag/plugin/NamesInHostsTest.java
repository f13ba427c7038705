package dev.nametag.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.stats.Tag;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.hostsim.stats.TaggedName;
import dev.nametag.naming.EnvoyTagsCodec;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;
import dev.nametag.naming.PrometheusValuesCodec;
import dev.nametag.naming.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What hosts make of names, over seeded adversarial label sets: {@value #LOSSLESS} of the profile
 * lossless and {@value #OTHERS} of each other one, or as many as the system property {@code
 * nametag.laws} says. Every law is checked by reading back what the host gives, so that no two
 * label sets can share it.
 */
class NamesInHostsTest {
  private static final int LOSSLESS = 500_000;
  private static final int OTHERS = 100_000;
  private static final int SEEDS = 4;
  private static final int PER_PAGE = 5_000;

  private static final List<Metric> METRICS =
      Schema.parse(
              """
              {"naming": "envoy-tags",
               "labels": {"user": {"value": ""}, "group": {"value": ""},
                          "namespace": {"value": ""}},
               "metrics": {
                 "calls": {"count": "all", "labels": ["user", "group", "namespace"]},
                 "rq": {"count": "all", "labels": ["group", "user"]},
                 "rbac": {"count": "all", "labels": ["user"]},
                 "calls_total": {"count": "all"}}}
              """)
          .metrics();

  /** In the order in which hosts write labels. */
  private static final List<String> TAGS = List.of("user", "group", "namespace");

  private static final List<TagSet.Specifier> SPECIFIERS =
      TAGS.stream().map(tag -> new TagSet.Specifier(tag, "(" + tag + "=\\.=(.*?);\\.;)")).toList();

  /** The same, but each walks over whole labels from the beginning of a module's name. */
  private static final List<TagSet.Specifier> ANCHORED =
      TAGS.stream()
          .map(
              tag ->
                  new TagSet.Specifier(
                      tag,
                      "^wasmcustom\\.(?:[a-z0-9_]+=\\.=[^;]*(?:;(?!\\.;)[^;]*)*;\\.;)*?("
                          + tag
                          + "=\\.=([^;]*(?:;(?!\\.;)[^;]*)*);\\.;)"))
          .toList();

  /** Hosts that look for our labels. */
  private static final List<TagSet> WITH_OUR_TAGS =
      List.of(
          TagSet.istio(TAGS),
          TagSet.custom(SPECIFIERS, true),
          TagSet.custom(ANCHORED, true),
          TagSet.envoyGateway(SPECIFIERS),
          TagSet.envoyGateway(ANCHORED));

  private static final List<TagSet> ALL =
      List.of(
          TagSet.ENVOY,
          TagSet.ISTIO,
          TagSet.ENVOY_GATEWAY,
          WITH_OUR_TAGS.get(0),
          WITH_OUR_TAGS.get(3));

  private static long start;

  @BeforeAll
  static void start() {
    start = System.nanoTime();
  }

  @AfterAll
  static void printRunTime() {
    System.out.printf(
        "Label sets in hosts: %,d lossless and twice %,d of other profiles in %,d s%n",
        count(LOSSLESS) * SEEDS,
        count(OTHERS) * SEEDS,
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
  }

  private final LosslessCodec lossless = new LosslessCodec(AdversarialValues.VALUE_BYTES);
  private final EnvoyTagsCodec envoyTags = new EnvoyTagsCodec(AdversarialValues.VALUE_BYTES);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void hostsTakeExactlyTheLabelsFromEnvoyTags(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < count(OTHERS); i++) {
      LabelSet set = LabelSet.next(random);
      String name = envoyTags.encode(set.metric, set.values);
      List<Tag> expected = new ArrayList<>();
      for (String tag : TAGS) {
        for (int j = 0; j < set.values.size(); j++) {
          String text = envoyTags.text(set.values.get(j));
          if (set.metric.labels().get(j).name().equals(tag) && text != null) {
            expected.add(new Tag(tag, ByteString.utf8(text)));
          }
        }
      }
      for (TagSet host : WITH_OUR_TAGS) {
        TaggedName tagged = host.extract(custom(name));
        check(tagged.family().equals(custom(set.metric.name())), name + " is left as " + tagged);
        check(tagged.tags().equals(expected), name + " gives " + tagged.tags());
      }
      for (LabelValue value : set.values) {
        String text = envoyTags.text(value);
        String encoded = lossless.encode(value);
        String everywhere = LabelText.DEFAULT.of(encoded);
        boolean same = text == null ? everywhere == null : text.equals(everywhere);
        check(same || isException(value, text, everywhere), value + " has the text " + text);
        check(isReadBack(value, text), value + " is not read back from " + text);
      }
    }
  }

  /** The documented one: a readable value that would wake an extractor stays encoded. */
  private boolean isException(LabelValue value, String text, String readable) {
    return !readable.startsWith("~") && text.equals("~" + lossless.encode(value));
  }

  /** Each value alone, written as it is, is what some host bites. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache.x.",
        "component.x.",
        "tag.x",
        "wasm_filter.x.",
        "rbac.allowed",
        "rbac.denied",
        "x.istio_dry_run_allow_",
        "x.istio_dry_run_deny_",
        "x.shadow_allowed",
        "x.shadow_denied",
        "x.zone.y",
        "circuit_breakers.x.y"
      })
  void whatStaysEncodedWouldOtherwiseLoseItsText(String value) {
    Set<TaggedName> raw = new HashSet<>();
    Set<TaggedName> written = new HashSet<>();
    for (TagSet host : WITH_OUR_TAGS) {
      raw.add(host.extract(custom("user=.=" + value + ";.;calls")));
      String text = envoyTags.text(LabelValue.of(value));
      written.add(host.extract(custom("user=.=" + text + ";.;calls")));
    }

    assertThat(raw).anyMatch(tagged -> tagged.tags().size() != 1);
    assertThat(written)
        .containsExactly(
            new TaggedName(
                custom("calls"),
                List.of(
                    new Tag(
                        "user", ByteString.utf8("~" + lossless.encode(LabelValue.of(value)))))));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void hostsLeaveLosslessNamesAsTheyAre(long seed) {
    Random random = new Random(seed);
    int left = count(LOSSLESS);
    while (left > 0) {
      Set<String> names = new HashSet<>();
      for (int i = Math.min(left, PER_PAGE); i > 0; i--) {
        LabelSet set = LabelSet.next(random);
        String name = lossless.encode(set.metric, set.values);
        names.add(name);
        for (TagSet host : ALL) {
          check(isLeftAlone(host, name), "a host takes labels from " + name);
        }
        LosslessCodec.Decoded decoded = LosslessCodec.decode(name);
        check(decoded != null && decoded.metric().equals(set.metric.name()), name);
        check(decoded.labels().size() == set.values.size(), name + " gains or loses a label");
        for (int j = 0; j < set.values.size(); j++) {
          String encoded = decoded.labels().get(j).encoded();
          LabelValue value = set.values.get(j);
          check(encoded.equals(lossless.encode(value)), name + " changes " + value);
          check(isReadBack(value, LabelText.DEFAULT.of(encoded)), value + " is not read back");
        }
      }
      left -= PER_PAGE;
      sanitisersLeaveAlone(names);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void hostsLeavePrometheusValuesNamesAsTheyAre(long seed) {
    NameCodec codec = new PrometheusValuesCodec(AdversarialValues.VALUE_BYTES);
    Random random = new Random(seed);
    int left = count(OTHERS);
    while (left > 0) {
      Set<String> names = new HashSet<>();
      for (int i = Math.min(left, PER_PAGE); i > 0; i--) {
        LabelSet set = LabelSet.next(random);
        String name = codec.encode(set.metric, set.values);
        names.add(name);
        for (TagSet host : ALL) {
          check(isLeftAlone(host, name), "a host takes labels from " + name);
        }
      }
      left -= PER_PAGE;
      sanitisersLeaveAlone(names);
    }
  }

  /** alibaba/higress plugins/wasm-go/extensions/ai-statistics/README.md. */
  private static final TagSet HIGRESS =
      TagSet.custom(
          List.of(
              new TagSet.Specifier("ai_route", "^wasmcustom\\.route\\.((.*?)\\.)upstream"),
              new TagSet.Specifier("ai_cluster", "^wasmcustom\\..*?\\.upstream\\.((.*?)\\.)model"),
              new TagSet.Specifier("ai_model", "^wasmcustom\\..*?\\.model\\.((.*?)\\.)consumer"),
              new TagSet.Specifier(
                  "ai_consumer", "^wasmcustom\\..*?\\.consumer\\.((.*?)\\.)metric")),
          false);

  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @CsvSource(
      delimiter = ' ',
      value = {
        "ai-route-aliyun.internal outbound|443||llm-aliyun.internal.dns qwen-turbo none",
        "r u qwen2.5-max c",
        "r u x.consumer.victim.metric c",
        "r.upstream.v u m c",
        "r u.model.n m c",
      })
  void higressNamesGiveItsLabelsUnlessAValueLooksLikeStructure(
      String route, String upstream, String model, String consumer) {
    Schema schema =
        Schema.parse(
            """
            {"naming": "higress",
             "labels": {"route": {"value": ""}, "upstream": {"value": ""}, "model": {"value": ""},
                        "consumer": {"value": ""}},
             "metrics": {"input_token": {
                 "count": "all", "labels": ["route", "upstream", "model", "consumer"]}}}
            """);
    List<LabelValue> values =
        List.of(
            LabelValue.of(route),
            LabelValue.of(upstream),
            LabelValue.of(model),
            LabelValue.of(consumer));
    Stats stats = new Stats(HIGRESS);

    stats.defineCounter(custom(schema.codec().encode(schema.metrics().get(0), values))).add(24);

    String honest =
        "# TYPE route_upstream_model_consumer_metric_input_token counter\n"
            + ("route_upstream_model_consumer_metric_input_token{ai_route=\"%s\",ai_cluster=\"%s\","
                    + "ai_model=\"%s\",ai_consumer=\"%s\"} 24\n")
                .formatted(route, upstream, model, consumer);
    String page = new String(stats.prometheusPage(), UTF_8);
    if ((route + upstream + model).matches(".*\\.(upstream|model|consumer)\\..*")) {
      assertThat(page).isNotEqualTo(honest);
    } else {
      assertThat(page).isEqualTo(honest);
    }
  }

  @Test
  void aHigressModelCanNameAnotherConsumer() {
    assertThat(
            HIGRESS
                .extract(
                    custom("route.r.upstream.u.model.x.consumer.victim.metric.consumer.c.metric.n"))
                .tags())
        .contains(new Tag("ai_consumer", ByteString.utf8("victim")));
  }

  /** Both of Envoy's: that of the names of modules' metrics and that of its own. */
  private static void sanitisersLeaveAlone(Set<String> names) {
    Stats stats = new Stats(TagSet.NONE);
    Set<String> expected = new HashSet<>();
    for (String name : names) {
      stats.defineCounter(custom(name));
      stats.defineCounter(new StatName(ByteString.utf8(name)));
      expected.add(name + "{} 0");
      expected.add("envoy_" + name + "{} 0");
    }
    new String(stats.prometheusPage(), US_ASCII)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> check(expected.remove(line), line + " is not what was written"));
    check(expected.isEmpty(), expected + " do not come out");
  }

  private static boolean isLeftAlone(TagSet host, String name) {
    TaggedName tagged = host.extract(custom(name));
    return tagged.tags().isEmpty() && tagged.family().equals(custom(name));
  }

  /** Whether a label's text says which value it is: this undoes it without the codec's help. */
  private boolean isReadBack(LabelValue value, String text) {
    if (text == null) {
      return value.isAbsent();
    }
    if (text.equals("~other")) {
      return value.isOther();
    }
    if (!value.isPresent()) {
      return false;
    }
    if (text.equals("~empty")) {
      return value.length() == 0;
    }
    if (!text.startsWith("~")) {
      return value.equals(LabelValue.of(text));
    }
    LosslessCodec.Decoded decoded = LosslessCodec.decode("m__l__" + text.substring(1));
    if (decoded == null) {
      return false;
    }
    LosslessCodec.DecodedLabel label = decoded.labels().get(0);
    if (label.hash() == null) {
      return label.value().equals(value);
    }
    StringBuilder hash = new StringBuilder();
    for (byte b : value.hash()) {
      hash.append(Character.forDigit((b & 0xff) >> 4, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    return label.hash().contentEquals(hash)
        && label.value().equals(LabelValue.of(value.toBytes(), 0, AdversarialValues.VALUE_BYTES));
  }

  private static int count(int otherwise) {
    return Integer.getInteger("nametag.laws", otherwise) / SEEDS;
  }

  private static StatName custom(String name) {
    return StatName.custom(ByteString.utf8(name));
  }

  /** An assertion that costs nothing but its text when it holds; there are millions of them. */
  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private record LabelSet(Metric metric, List<LabelValue> values) {

    static LabelSet next(Random random) {
      Metric metric = METRICS.get(random.nextInt(METRICS.size()));
      List<LabelValue> values = new ArrayList<>();
      for (int i = 0; i < metric.labels().size(); i++) {
        values.add(AdversarialValues.next(random));
      }
      return new LabelSet(metric, values);
    }
  }
}
