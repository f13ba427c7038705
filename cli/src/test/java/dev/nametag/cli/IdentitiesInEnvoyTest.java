package dev.nametag.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.Corpora;
import dev.nametag.fixtures.IdentityValue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stats.Histogram;
import dev.nametag.hostsim.stats.StatName;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.generate.EnvoyStatsTagsTarget;
import dev.nametag.relabel.generate.IstioExtraStatTagsTarget;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two hundred adversarial identities under the profile {@code envoy-tags}: the names that the codec
 * writes, the tags that the simulated hosts take out of them with what the generated YAML says and
 * with their own, and the page. Every label is compared with {@link LabelText#DEFAULT}.
 */
class IdentitiesInEnvoyTest {
  private static final Schema SCHEMA =
      Schema.parse(
          """
          {"naming": "envoy-tags",
           "labels": {"user": {"value": ""}, "group": {"value": ""}, "tenant": {"value": ""}},
           "metrics": {
             "calls": {"count": "all", "labels": ["user", "group", "tenant"]},
             "limited_calls": {"count": "limited", "labels": ["user", "group", "tenant"]},
             "calls_by_tenant": {"count": "all", "labels": ["tenant"]},
             "latency_ms": {
                 "count": "all", "record": "request.duration", "labels": ["tenant", "user"]}}}
          """);

  /** Beside the two hundred: readable values that stay encoded, as the profile documents. */
  private static final List<String> EXCEPTIONS =
      List.of("rbac.allowed", "cache.x.y", "a.zone.b", "circuit_breakers.x.y", "tag.x");

  private static final LosslessCodec ENCODED = new LosslessCodec(SCHEMA.budget().valueBytes());

  /** A host that reads one form of what a target prints. */
  enum Host {
    ENVOY {
      @Override
      TagSet tags() {
        return TagSet.custom(statsTags(EnvoyStatsTagsTarget.bootstrap(SCHEMA)), true);
      }
    },
    ENVOY_WITHOUT_DEFAULT_TAGS {
      @Override
      TagSet tags() {
        return TagSet.custom(statsTags(EnvoyStatsTagsTarget.bootstrap(SCHEMA)), false);
      }
    },
    ENVOY_GATEWAY {
      @Override
      TagSet tags() {
        Object proxy = YamlReader.read("proxy", EnvoyStatsTagsTarget.envoyProxy(SCHEMA, "p", "n"));
        return TagSet.envoyGateway(statsTags((String) at(proxy, "spec", "bootstrap", "value")));
      }
    },
    ISTIO_BY_ANNOTATION {
      @Override
      TagSet tags() {
        Object pod = YamlReader.read("pod", IstioExtraStatTagsTarget.annotation(SCHEMA));
        String config = (String) at(pod, "metadata", "annotations", "proxy.istio.io/config");
        return TagSet.istio(texts(at(YamlReader.read("config", config), "extraStatTags")));
      }
    },
    ISTIO_BY_MESH_CONFIG {
      @Override
      TagSet tags() {
        Object values = YamlReader.read("values", IstioExtraStatTagsTarget.meshConfig(SCHEMA));
        return TagSet.istio(texts(at(values, "meshConfig", "defaultConfig", "extraStatTags")));
      }
    };

    abstract TagSet tags();
  }

  private static List<TagSet.Specifier> statsTags(String bootstrap) {
    List<TagSet.Specifier> specifiers = new ArrayList<>();
    Object tags = at(YamlReader.read("bootstrap", bootstrap), "stats_config", "stats_tags");
    for (Object tag : (List<?>) tags) {
      specifiers.add(new TagSet.Specifier((String) at(tag, "tag_name"), (String) at(tag, "regex")));
    }
    return specifiers;
  }

  private static Object at(Object document, String... keys) {
    Object value = document instanceof List<?> documents ? documents.get(0) : document;
    for (String key : keys) {
      value = ((Map<?, ?>) value).get(key);
    }
    return value;
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  private static List<LabelValue> identities() {
    List<LabelValue> identities = new ArrayList<>();
    for (IdentityValue identity : Corpora.adversarialIdentities()) {
      identities.add(identity.bytes().map(LabelValue::of).orElse(LabelValue.ABSENT));
    }
    EXCEPTIONS.forEach(text -> identities.add(LabelValue.of(text)));
    return identities;
  }

  @ParameterizedTest
  @EnumSource
  void everyCallerKeepsHisLabelsAndHisCount(Host host) {
    Stats stats = new Stats(host.tags());
    Map<Map<String, String>, String> expected = new LinkedHashMap<>();
    List<LabelValue> identities = identities();
    int size = identities.size();
    for (int i = 0; i < size; i++) {
      LabelValue first = identities.get(i);
      LabelValue second = identities.get((7 * i + 3) % size);
      LabelValue third = identities.get((11 * i + 5) % size);
      count(stats, SCHEMA.metrics().get(i % 2), List.of(first, second, third), i + 1, expected);
      count(stats, SCHEMA.metrics().get(2), List.of(first), i + 1001, expected);
      record(stats, List.of(second, first), i + 1, expected);
    }
    count(
        stats,
        SCHEMA.metrics().get(0),
        List.of(LabelValue.OTHER, LabelValue.OTHER, LabelValue.OTHER),
        5000,
        expected);

    Map<Map<String, String>, String> page = page(stats);

    assertThat(page).isEqualTo(expected);
    assertThat(page).hasSize(4 * size + 1);
  }

  @Test
  void onlyTheDocumentedExceptionsAreNotTheTextOfOtherTargets() {
    List<LabelValue> differing = new ArrayList<>();
    for (LabelValue identity : identities()) {
      String written = SCHEMA.codec().encode(SCHEMA.metrics().get(2), List.of(identity));
      String usual = LabelText.DEFAULT.of(ENCODED.encode(identity));
      if (usual != null && !written.equals("tenant=.=" + usual + ";.;calls_by_tenant")) {
        differing.add(identity);
      }
    }

    assertThat(differing).isEqualTo(EXCEPTIONS.stream().map(LabelValue::of).toList());
  }

  private static void count(
      Stats stats,
      Metric metric,
      List<LabelValue> values,
      int count,
      Map<Map<String, String>, String> expected) {
    stats.defineCounter(name(metric, values)).add(count);
    expected.put(labels(metric, "", values), Integer.toString(count));
  }

  private static void record(
      Stats stats, List<LabelValue> values, int count, Map<Map<String, String>, String> expected) {
    Metric metric = SCHEMA.metrics().get(3);
    Histogram histogram = stats.defineHistogram(name(metric, values));
    for (int i = 0; i < count; i++) {
      histogram.record(7);
    }
    expected.put(labels(metric, "_count", values), Integer.toString(count));
    Map<String, String> bucket = labels(metric, "_bucket", values);
    bucket.put("le", "+Inf");
    expected.put(bucket, Integer.toString(count));
  }

  private static StatName name(Metric metric, List<LabelValue> values) {
    return StatName.custom(ByteString.utf8(SCHEMA.codec().encode(metric, values)));
  }

  private static Map<String, String> labels(Metric metric, String suffix, List<LabelValue> values) {
    Map<String, String> labels = new TreeMap<>(Map.of("__name__", metric.name() + suffix));
    for (int i = 0; i < values.size(); i++) {
      String encoded = ENCODED.encode(values.get(i));
      boolean exception = EXCEPTIONS.stream().map(LabelValue::of).anyMatch(values.get(i)::equals);
      String text = exception ? LabelText.MARK + encoded : LabelText.DEFAULT.of(encoded);
      if (text != null) {
        labels.put(metric.labels().get(i).publishedName(), text);
      }
    }
    return labels;
  }

  /** Returns the page without the sums, and of the buckets the last. */
  private static Map<Map<String, String>, String> page(Stats stats) {
    Map<Map<String, String>, String> page = new LinkedHashMap<>();
    ExpositionReader.read("page", new String(stats.prometheusPage(), UTF_8))
        .iterator()
        .forEachRemaining(
            line -> {
              if (line instanceof Sample sample && counts(sample.labels())) {
                assertThat(page.put(new TreeMap<>(sample.labels().asMap()), sample.value()))
                    .as(sample.labels().toString())
                    .isNull();
              }
            });
    return page;
  }

  private static boolean counts(Labels labels) {
    return !labels.metricName().endsWith("_sum")
        && (!labels.has("le") || labels.get("le").equals("+Inf"));
  }
}
