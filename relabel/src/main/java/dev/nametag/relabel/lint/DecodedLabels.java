package dev.nametag.relabel.lint;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.Relabeler;
import dev.nametag.relabel.explain.SeriesText;
import dev.nametag.relabel.lint.FixedSet.Tried;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What rules make of the names of a configuration of the {@code lossless} profile. Every label is
 * the value whole, or marked, and no two callers are one series. How many characters and escapes
 * are decoded is free; but generated rules decode as many for each label.
 */
final class DecodedLabels implements Check {
  private static final Labels FOREIGN = Labels.of("__name__", "istio_requests_total");

  @Override
  public void run(Subject subject, Findings findings) {
    boolean lossless =
        subject.schema().map(schema -> schema.naming() == Profile.LOSSLESS).orElse(false);
    if (!lossless) {
      return;
    }
    for (RuleList list : subject.metricLists()) {
      if (list.refused().isEmpty()) {
        new OneList(subject.schema().get(), list, findings).check();
      }
    }
  }

  /** A name, a label of it, and its text after the rules. */
  private record Found(Tried tried, Label label, String encoded, String text, Labels result) {}

  /** One list of rules at work. */
  private static final class OneList {
    private final Schema schema;
    private final RuleList list;
    private final RelabelRules rules;
    private final Relabeler relabeler;
    private final Findings findings;
    private final Set<String> temporary = new LinkedHashSet<>();
    private final Map<Labels, Tried> firsts = new HashMap<>();
    private final List<Found> readable = new ArrayList<>();

    OneList(Schema schema, RuleList list, Findings findings) {
      this.schema = schema;
      this.list = list;
      this.rules = list.runnable();
      this.relabeler = rules.relabeler();
      this.findings = findings;
      for (LintRule rule : list.rules()) {
        List<String> labels = new ArrayList<>(rule.rule().get().sourceLabels());
        labels.add(rule.rule().get().targetLabel());
        labels.stream()
            .filter(label -> label.startsWith(RuleFinder.GENERATED))
            .forEach(temporary::add);
      }
    }

    void check() {
      for (Metric metric : schema.metrics()) {
        for (String suffix : FixedSet.suffixes(metric)) {
          if (!metric.labels().isEmpty() && decodes(metric, suffix)) {
            Set<String> brought = new LinkedHashSet<>(temporary);
            brought.add("instance");
            FixedSet.of(schema, metric, suffix, brought).forEach(this::check);
          }
        }
      }
      if (list.rules().stream().anyMatch(LintRule::generated)) {
        checkEven();
        checkForeign();
      }
    }

    private boolean decodes(Metric metric, String suffix) {
      return Undecoded.decoded(schema, metric, suffix, rules);
    }

    private void check(Tried tried) {
      Optional<Labels> applied = relabeler.apply(tried.series());
      if (applied.isEmpty()) {
        return;
      }
      Labels result = applied.get();
      boolean named = result.metricName().equals(tried.metric().name() + tried.suffix());
      String problem =
          named ? labelProblem(tried, result) : "the name does not become the metric's name";
      if (!problem.isEmpty()) {
        report("wrong-label", problem, tried.series(), result);
      }
      result.forEach(
          (name, value) -> {
            if (name.startsWith("__") && !name.equals("__name__")) {
              report(
                  "temporary-label-left",
                  "the label " + name + " is still there after the last rule",
                  tried.series(),
                  result);
            }
          });
      Tried first = tried.loaded() ? null : firsts.putIfAbsent(result, tried);
      if (first != null) {
        LintRule rule = list.rules().get(Collisions.culprit(rules, first.series(), tried.series()));
        findings.add(
            "collision",
            list,
            rule,
            "two names of the configuration end up with the same labels; Prometheus keeps the first"
                + " and drops the other",
            SeriesText.of(first.series())
                + "\n"
                + SeriesText.of(tried.series())
                + "\nboth become "
                + SeriesText.of(result),
            "rules generated anew: nametag relabel generate");
      }
    }

    private String labelProblem(Tried tried, Labels result) {
      Set<String> own = new LinkedHashSet<>();
      for (int i = 0; i < tried.values().size(); i++) {
        Label label = tried.metric().labels().get(i);
        LabelValue value = tried.values().get(i);
        String encoded = FixedSet.encoded(schema, value);
        String text = result.get(label.publishedName());
        own.add(label.publishedName());
        String problem = problem(value, encoded, text);
        if (!problem.isEmpty()) {
          return label.publishedName() + " " + problem;
        }
        if (value.isPresent() && value.length() > 0 && encoded.indexOf('_') >= 0) {
          readable.add(new Found(tried, label, encoded, text, result));
        }
      }
      for (Metric metric : schema.metrics()) {
        for (Label other : metric.labels()) {
          if (!own.contains(other.publishedName()) && result.has(other.publishedName())) {
            return other.publishedName() + " is no label of this metric";
          }
        }
      }
      return "";
    }

    /** Returns what is wrong with a label's text, empty if it is whole or marked. */
    private static String problem(LabelValue value, String encoded, String text) {
      String expected = LabelText.DEFAULT.of(encoded);
      if (!value.isPresent() || value.length() == 0) {
        if (expected == null) {
          return text.isEmpty() ? "" : "is \"" + text + "\", though the caller has none";
        }
        return text.equals(expected) ? "" : "is not " + expected;
      }
      boolean plain = encoded.indexOf('_') < 0;
      String whole = new String(value.toBytes(), StandardCharsets.UTF_8);
      boolean marked = !plain && text.equals(LabelText.MARK + encoded);
      boolean cut = encoded.contains(LosslessCodec.CUT);
      if (marked || (!cut && text.equals(whole))) {
        return "";
      }
      return text.isEmpty()
          ? "is missing"
          : "is neither the value nor " + LabelText.MARK + " and the encoded text";
    }

    /** Generated rules decode the same characters, and as many escapes, wherever they decode. */
    private void checkEven() {
      StringBuilder alphabet = new StringBuilder();
      int most = 1;
      for (Found found : readable) {
        if (isMarked(found)) {
          continue;
        }
        int escapes = 0;
        for (int at = found.encoded.indexOf('_'); at >= 0; escapes++) {
          char c = (char) Integer.parseInt(found.encoded.substring(at + 1, at + 3), 16);
          boolean known = c < ' ' || c > '~' || c == LabelText.MARK || Character.isLetter(c);
          if (!known && alphabet.indexOf(String.valueOf(c)) < 0) {
            alphabet.append(c);
          }
          at = found.encoded.indexOf('_', at + 3);
        }
        most = Math.max(most, escapes);
      }
      LabelText everywhere = new LabelText(alphabet.toString(), most);
      for (Found found : readable) {
        if (isMarked(found) && !everywhere.of(found.encoded).equals(found.text)) {
          report(
              "wrong-label",
              found.label.publishedName()
                  + " is marked, though the rules decode these characters, and as many of them,"
                  + " elsewhere",
              found.tried.series(),
              found.result);
        }
      }
    }

    private static boolean isMarked(Found found) {
      return found.text.equals(LabelText.MARK + found.encoded);
    }

    /** Temporary labels that a page brings along are not taken for those of the rules. */
    private void checkForeign() {
      Labels series = FOREIGN;
      for (String label : temporary) {
        series = series.with(label, FixedSet.OF_THE_TARGET);
      }
      Labels result = relabeler.apply(series).orElse(FOREIGN);
      for (Metric metric : schema.metrics()) {
        for (Label label : metric.labels()) {
          if (result.has(label.publishedName())) {
            report(
                "wrong-label",
                "a series of others gets the label " + label.publishedName(),
                series,
                result);
            return;
          }
        }
      }
    }

    private void report(String id, String reason, Labels series, Labels result) {
      findings.add(
          id,
          list.file(),
          list.path(),
          reason,
          SeriesText.of(series) + " becomes " + SeriesText.of(result),
          "rules generated anew: nametag relabel generate");
    }
  }
}
