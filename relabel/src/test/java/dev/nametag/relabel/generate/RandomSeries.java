package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A series with random adversarial labels: as a proxy shows it, and as it must be stored. What must
 * be stored follows from the values and {@link LabelText}, without the rules.
 *
 * @param raw the name, and a label of the scrape target; of a bucket its bound
 * @param expected the metric's name, every label decoded, and the same others
 */
record RandomSeries(Labels raw, Labels expected) {
  private static final int VALUE_BYTES = 48;

  static final Schema SCHEMA =
      Schema.parse(
          """
          {"labels": {"user": {"value": ""}, "group": {"value": ""}, "namespace": {"value": ""},
                      "user_group": {"value": "", "rename": "team"}},
           "metrics": {
             "calls": {"count": "all", "labels": ["user", "group", "namespace"]},
             "limited_calls": {"count": "limited", "labels": ["user", "group", "namespace"]},
             "calls_by_team": {"count": "all", "labels": ["user_group"]},
             "duration_ms": {
                 "count": "all", "record": "request.duration", "labels": ["user_group"]},
             "size_bytes": {
                 "count": "all", "record": "request.size", "labels": ["namespace", "user"]},
             "calls_both": {"count": "all", "labels": ["user", "user_group"]},
             "calls_total": {"count": "all"}},
           "budget": {"valueBytes": 48}}
          """);

  private static final String[] PARTS = {
    "",
    "a",
    "alice",
    "-",
    ".",
    "@",
    "/",
    ":",
    " ",
    "+",
    "_",
    "__",
    "~",
    ";",
    "<",
    ">",
    "=",
    "$1",
    "${1}",
    "_2d",
    "_5f",
    "_none",
    "_other",
    "other",
    "none",
    "empty",
    "_h",
    "é",
    "\uD83D\uDE00",
    "__user__",
    "__group__admin",
    "group",
    "\n",
    "\0",
    "\"",
    ";nametag~",
    "_bucket",
    "bucket",
    "_sum",
    "_count",
    "system:serviceaccount:team-1:app-1",
    "spiffe://cluster.local/ns/llm-d/sa/app",
  };

  private static final List<String> SUFFIXES = List.of("_bucket", "_sum", "_count");

  /** Returns this many series, no two of them the same. */
  static List<RandomSeries> distinct(long seed, int count) {
    Random random = new Random(seed);
    List<RandomSeries> series = new ArrayList<>(count);
    Set<Labels> seen = new HashSet<>();
    while (series.size() < count) {
      RandomSeries next = next(random);
      // The one without labels would come again and again.
      if (seen.add(next.raw)) {
        series.add(next);
      }
    }
    return series;
  }

  private static RandomSeries next(Random random) {
    LosslessCodec codec = new LosslessCodec(VALUE_BYTES);
    Metric metric = SCHEMA.metrics().get(random.nextInt(SCHEMA.metrics().size()));
    String suffix = metric.isHistogram() ? SUFFIXES.get(random.nextInt(SUFFIXES.size())) : "";
    Labels.Builder expected = Labels.builder().add("__name__", metric.name() + suffix);
    List<LabelValue> values = new ArrayList<>();
    for (Label label : metric.labels()) {
      LabelValue value = value(random);
      values.add(value);
      String text = LabelText.DEFAULT.of(codec.encode(value));
      if (text != null) {
        expected.add(label.publishedName(), text);
      }
    }
    Labels.Builder raw =
        Labels.builder().add("__name__", codec.encode(metric, values) + suffix).add("pod", "p");
    expected.add("pod", "p");
    if (suffix.equals("_bucket")) {
      raw.add("le", "0.5");
      expected.add("le", "0.5");
    }
    return new RandomSeries(raw.build(), expected.build());
  }

  private static LabelValue value(Random random) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      return LabelValue.ABSENT;
    }
    if (kind == 1) {
      return LabelValue.OTHER;
    }
    if (kind == 2) {
      byte[] any = new byte[random.nextInt(8)];
      random.nextBytes(any);
      return LabelValue.of(any);
    }
    if (kind == 3) {
      // Around every bound on the number of escapes, from 0 to one more than are decoded.
      return LabelValue.of("a.".repeat(random.nextInt(17)));
    }
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return LabelValue.of(text.toString());
  }
}
