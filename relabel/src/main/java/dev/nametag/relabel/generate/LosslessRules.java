package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules with which plain Prometheus decodes the names of the {@code lossless} profile: every label
 * whole, or marked with {@code ~}, as {@link LabelText} says.
 *
 * <p>The label itself is the working place, so that no temporary label has to be dropped. While it
 * is worked on, its text starts with {@link #WORK}, which no finished label does: {@code ;} is in
 * no alphabet. The rules for one label are
 *
 * <ol>
 *   <li><b>take</b>: copies the encoded value from the name. Every piece of it, split at the
 *       underscores, now ends in an underscore: {@code ;nametag~alice_40example_2ecom_}. This rule
 *       lists our metrics by name; the others find nothing to do in any other series.
 *   <li><b>plain</b>: a value without escapes is done.
 *   <li><b>spread</b> and <b>pick</b>: for a value whose escapes, at most three, are all in the
 *       alphabet. The first writes the whole alphabet behind each code, {@code <40-.@/: +_>}; the
 *       second lets the code decide how many characters are skipped before the one that it keeps.
 *       So any mix of characters is decoded by one match.
 *   <li>The same in two steps for a value with more escapes, up to the bound.
 *   <li><b>empty, absent, other</b>: their marks; an absent value takes the label away, also one
 *       that the scrape target has set.
 *   <li><b>raw</b>: what no rule above has decoded stays encoded, behind {@code ~}.
 * </ol>
 *
 * <p>All regexes are anchored and nearly all are decided by their first bytes or byte by byte,
 * which keeps Prometheus' matcher in its fast, one-pass form; more than about twelve slots in one
 * pick would leave it.
 */
final class LosslessRules {
  /** How texts start that are not finished. */
  static final String WORK = ";nametag";

  private static final String PENDING = WORK + "~";
  private static final String SPREAD = WORK + "<";
  private static final String SPREAD_FIRST = WORK + "(";
  private static final String PICKED_FIRST = WORK + ")";
  private static final String SPREAD_REST = WORK + "^";

  /** How many escapes the common case decodes; each slot costs, used or not. */
  private static final int FIRST_SLOTS = 3;

  /** What one pick can decode before Prometheus' matcher leaves its one-pass form. */
  private static final int MAX_SLOTS = 13;

  private static final String PIECE = "([^_]*)_";

  private final Schema schema;
  private final LabelText text;
  private final String dictionary;
  private final String code;
  private final String slot;

  /**
   * Generates for a schema and what its labels look like.
   *
   * @throws IllegalArgumentException if no rules can decode so much
   */
  LosslessRules(Schema schema, LabelText text) {
    if (text.alphabet().isEmpty() || text.maxEscapes() > FIRST_SLOTS + MAX_SLOTS) {
      throw new IllegalArgumentException("cannot decode " + text);
    }
    for (int i = 0; i < text.alphabet().length(); i++) {
      if ("<>;".indexOf(text.alphabet().charAt(i)) >= 0) {
        throw new IllegalArgumentException(
            "alphabet: the rules themselves use '" + text.alphabet().charAt(i) + "'");
      }
    }
    this.schema = schema;
    this.text = text;
    this.dictionary = text.alphabet().replace("$", "$$");
    this.code = codes();
    this.slot = slot();
  }

  List<GeneratedRule> rules() {
    Map<List<Label>, List<String>> families = new LinkedHashMap<>();
    for (Metric metric : schema.metrics()) {
      if (!metric.labels().isEmpty()) {
        families.computeIfAbsent(metric.labels(), labels -> new ArrayList<>()).add(metric.name());
      }
    }
    List<GeneratedRule> rules = new ArrayList<>();
    families.forEach((labels, metrics) -> addFamily(labels, metrics, rules));
    return rules;
  }

  private void addFamily(List<Label> labels, List<String> metrics, List<GeneratedRule> rules) {
    String names = metrics.size() == 1 ? metrics.get(0) : "(?:" + String.join("|", metrics) + ")";
    for (int i = 0; i < labels.size(); i++) {
      rules.add(take(names, labels, i));
      addDecoding(labels.get(i).publishedName(), rules);
    }
    rules.add(
        new GeneratedRule(
            RelabelRule.replace(
                List.of(LabelNames.METRIC_NAME),
                "(" + String.join("|", metrics) + ")__" + labels.get(0).name() + "__.*",
                LabelNames.METRIC_NAME,
                "$1"),
            "Take the labels off the metric's name"));
  }

  private static GeneratedRule take(String names, List<Label> labels, int index) {
    StringBuilder regex = new StringBuilder(names);
    regex.append('_');
    // The second underscore before a label is the one that the last piece of a value ends in.
    for (int i = 0; i < index; i++) {
      regex.append('_').append(labels.get(i).name()).append("__[^_]*_(?:[^_]+_)*");
    }
    String label = labels.get(index).name();
    regex.append('_').append(label).append("__");
    boolean last = index == labels.size() - 1;
    regex.append(
        last
            ? "([^_]*(?:_[^_]+)*)"
            : "([^_]*_(?:[^_]+_)*)_" + labels.get(index + 1).name() + "__.*");
    return rule(
        LabelNames.METRIC_NAME,
        regex.toString(),
        labels.get(index).publishedName(),
        PENDING + (last ? "${1}_" : "$1"),
        label + ": take the encoded value from the name");
  }

  private void addDecoding(String label, List<GeneratedRule> rules) {
    int first = Math.min(FIRST_SLOTS, text.maxEscapes());
    int rest = text.maxEscapes() - first;
    rules.add(rule(label, PENDING + "([^_]+)_", label, "$1", "no escapes: done"));
    rules.add(
        rule(
            label,
            PENDING + PIECE + pieces(first),
            label,
            SPREAD + "${1}" + spread(first, 2),
            "at most " + first + " escapes: write the alphabet behind each,"));
    rules.add(
        rule(
            label,
            quote(SPREAD) + "([^<]*)" + slot.repeat(first),
            label,
            groups(1, 2 * first + 1),
            "then let each code pick its character"));
    if (rest > 0) {
      String exactly = ("(" + code + ")" + PIECE).repeat(first);
      rules.add(
          rule(
              label,
              PENDING + PIECE + exactly + "((?:" + code + "[^_]*_){1," + rest + "})",
              label,
              SPREAD_FIRST + "${" + (2 * first + 2) + "}<${1}" + spread(first, 2),
              "up to " + text.maxEscapes() + " escapes: the same for the first " + first + ","));
      rules.add(
          rule(
              label,
              quote(SPREAD_FIRST) + "([^<]*)<([^<]*)" + slot.repeat(first),
              label,
              PICKED_FIRST + "${1}<" + groups(2, 2 * first + 1),
              ""));
      rules.add(
          rule(
              label,
              quote(PICKED_FIRST) + pieces(rest) + "<(.*)",
              label,
              SPREAD_REST + "${" + (2 * rest + 1) + "}" + spread(rest, 1),
              "and then for the others"));
      rules.add(
          rule(
              label,
              quote(SPREAD_REST) + "([^<]*)" + slot.repeat(rest),
              label,
              groups(1, 2 * rest + 1),
              ""));
    }
    rules.add(rule(label, PENDING + "_", label, LabelText.EMPTY, "empty"));
    rules.add(
        rule(label, PENDING + LosslessCodec.ABSENT + "_", label, "", "absent: no such label"));
    rules.add(
        rule(
            label, PENDING + LosslessCodec.OTHER + "_", label, LabelText.OTHER, "over the budget"));
    rules.add(
        rule(
            label, PENDING + "(.+)_", label, LabelText.MARK + "$1", "anything else stays encoded"));
  }

  /**
   * From one to {@code count} escapes with the text behind each, nested so that each is optional.
   */
  private String pieces(int count) {
    String one = "(" + code + ")" + PIECE;
    String nested = one;
    for (int i = 1; i < count; i++) {
      nested = one + "(?:" + nested + ")?";
    }
    return nested;
  }

  /** Slots with the alphabet, each followed by the text behind its escape. */
  private String spread(int count, int firstGroup) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int group = firstGroup + 2 * i;
      out.append("<${").append(group).append('}').append(dictionary).append('>');
      out.append("${").append(group + 1).append('}');
    }
    return out.toString();
  }

  private static String groups(int first, int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append("${").append(first + i).append('}');
    }
    return out.toString();
  }

  /** Matches the hex codes of the alphabet, by their first digit. */
  private String codes() {
    StringBuilder out = new StringBuilder();
    byDigit()
        .forEach(
            (first, seconds) -> {
              out.append(out.length() == 0 ? "" : "|").append(first);
              String all = String.join("", seconds.keySet());
              out.append(all.length() == 1 ? all : "[" + all + "]");
            });
    return "(?:" + out + ")";
  }

  /** One slot: a code that skips to its character, or no code; and the text behind it. */
  private String slot() {
    StringBuilder select = new StringBuilder();
    byDigit()
        .forEach(
            (first, seconds) -> {
              List<String> ways = new ArrayList<>();
              seconds.forEach((second, skipped) -> ways.add(second + skip(skipped)));
              String all = String.join("|", ways);
              select.append(select.length() == 0 ? "" : "|").append(first);
              select.append(ways.size() == 1 ? all : "(?:" + all + ")");
            });
    String unused = quote(text.alphabet().substring(0, 1)) + skip(text.alphabet().length() - 1);
    return "<(?:(?:" + select + ")(.)[^>]*|" + unused + ")>([^<]*)";
  }

  /** For each first hex digit of a code, each second one, and the character's place. */
  private Map<String, Map<String, Integer>> byDigit() {
    Map<String, Map<String, Integer>> digits = new LinkedHashMap<>();
    for (int i = 0; i < text.alphabet().length(); i++) {
      String hex = Integer.toHexString(text.alphabet().charAt(i));
      digits
          .computeIfAbsent(hex.substring(0, 1), first -> new LinkedHashMap<>())
          .put(hex.substring(1), i);
    }
    return digits;
  }

  private static String skip(int count) {
    return count < 4 ? ".".repeat(count) : ".{" + count + "}";
  }

  /** Quotes what RE2 would read as an operator; everything else stays readable. */
  private static String quote(String literal) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < literal.length(); i++) {
      if ("\\.+*?()|[]{}^$".indexOf(literal.charAt(i)) >= 0) {
        out.append('\\');
      }
      out.append(literal.charAt(i));
    }
    return out.toString();
  }

  private static GeneratedRule rule(
      String source, String regex, String target, String replacement, String comment) {
    return new GeneratedRule(
        RelabelRule.replace(List.of(source), regex, target, replacement), comment);
  }
}
