package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelAction;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The comment that generated output starts with: for which metrics it is, what it costs, what the
 * labels look like, and which of them hide where a series was scraped.
 */
final class Header {
  private static final int WIDTH = 98;

  private final Schema schema;
  private final List<String> sentences = new ArrayList<>();

  private Header(Schema schema, String what) {
    this.schema = schema;
    List<String> metrics = new ArrayList<>();
    schema
        .metrics()
        .forEach(
            metric -> {
              if (!metric.labels().isEmpty()) {
                metrics.add(metric.name());
              }
            });
    sentences.add(
        metrics.isEmpty()
            ? "No metric has labels: nothing to do."
            : what + " for " + String.join(", ", metrics) + ".");
  }

  /** Returns the header of rules that run in Prometheus. */
  static String ofRules(Schema schema, Decoding decoding, List<GeneratedRule> rules) {
    return ofRules(schema, decoding.bounded(), rules.stream().map(GeneratedRule::rule));
  }

  /** Returns the header of rules that run in vmagent. */
  static String ofVmagentRules(Schema schema, Decoding decoding, List<VmagentRule> rules) {
    return ofRules(schema, decoding.unbounded(), rules.stream().map(VmagentRule::rule));
  }

  private static String ofRules(Schema schema, LabelText text, Stream<RelabelRule> rules) {
    Header header = new Header(schema, "Rules");
    header.cost(rules.toList());
    header.labels(text);
    header.hidden();
    return header.text();
  }

  /** Returns the header of something else than rules, with further sentences of its own. */
  static String of(Schema schema, String what, LabelText text, String... more) {
    Header header = new Header(schema, what);
    header.labels(text);
    header.hidden();
    header.sentences.addAll(List.of(more));
    return header.text();
  }

  /** Returns a comment of some sentences, none of which is about labels. */
  static String of(Schema schema, String what, String... more) {
    Header header = new Header(schema, what);
    header.hidden();
    header.sentences.addAll(List.of(more));
    return header.text();
  }

  /**
   * Says for what the rules are that set these labels, in order. Rules on a temporary label are for
   * the label that comes next; at the end they and those that set none only tidy up.
   */
  private void cost(List<RelabelRule> rules) {
    Map<String, Integer> byLabel = new LinkedHashMap<>();
    int names = 0;
    int tidying = 0;
    int open = 0;
    for (RelabelRule rule : rules) {
      String target = rule.targetLabel();
      boolean removes = rule.replacement().isEmpty() && target.startsWith("__tmp");
      if (byLabel.isEmpty()
          && names == 0
          && (removes || rule.action() == RelabelAction.LABELDROP)) {
        tidying++;
      } else if (target.equals(LabelNames.METRIC_NAME)) {
        names++;
        tidying += open;
        open = 0;
      } else if (target.isEmpty() || target.startsWith("__")) {
        open++;
      } else {
        byLabel.merge(target, open + 1, Integer::sum);
        open = 0;
      }
    }
    tidying += open;
    if (names == 0) {
      return;
    }
    List<String> parts = new ArrayList<>();
    byLabel.forEach((label, count) -> parts.add(count + " for " + label));
    parts.add(names + " for the names");
    if (tidying > 0) {
      parts.add(tidying + " to tidy up");
    }
    sentences.add(
        rules.size()
            + " rules: "
            + String.join(", ", parts)
            + (schema.naming() == Profile.LOSSLESS
                ? ". Further metrics with the same labels add none."
                : "."));
  }

  private void labels(LabelText text) {
    if (schema.naming() != Profile.LOSSLESS) {
      return;
    }
    if (text.alphabet().isEmpty()) {
      sentences.add(
          "A value of letters and digits is the label itself; any other is ~ and the encoded"
              + " value.");
      return;
    }
    boolean bounded = text.maxEscapes() < Integer.MAX_VALUE;
    sentences.add(
        "A value of letters, digits and \""
            + text.alphabet()
            + "\""
            + (bounded ? ", at most " + text.maxEscapes() + " of the latter," : "")
            + " is the label itself; any other is ~ and the encoded value.");
  }

  private void hidden() {
    Set<String> names = new LinkedHashSet<>();
    schema
        .metrics()
        .forEach(metric -> metric.labels().stream().map(Label::publishedName).forEach(names::add));
    names.stream()
        .filter(ScrapeTargetLabels::hiddenBy)
        .forEach(name -> sentences.add(ScrapeTargetLabels.note(name) + "."));
  }

  /** Returns the comment lines, each sentence on lines of its own. */
  private String text() {
    StringBuilder out = new StringBuilder();
    for (String sentence : sentences) {
      StringBuilder line = new StringBuilder();
      for (String word : sentence.split(" ", -1)) {
        if (line.length() > 0 && line.length() + 1 + word.length() > WIDTH) {
          out.append("# ").append(line).append('\n');
          line.setLength(0);
          line.append(' ');
        }
        line.append(line.length() == 0 || line.toString().equals(" ") ? "" : " ").append(word);
      }
      out.append("# ").append(line).append('\n');
    }
    return out.toString();
  }
}
