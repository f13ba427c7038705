package dev.nametag.relabel.generate;

import dev.nametag.naming.Label;
import dev.nametag.naming.LabelText;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules with which plain Prometheus decodes the names of the {@code lossless} profile: every label
 * whole, or marked with {@code ~}, as {@link LabelText} says.
 *
 * <p>The text of one label after the other is worked on in the temporary label {@link #WORK}. Only
 * names that have exactly the form of one of our label sets ever get it: names of another
 * configuration, and all series that are not ours, stay as they are, whatever their labels hold.
 * The rules for one label are
 *
 * <ol>
 *   <li><b>take</b>: copies the encoded value from the name. Every piece of it, split at the
 *       underscores, now ends in an underscore: {@code ;alice_40example_2ecom_}. Unfinished text
 *       starts with {@code ;}, which finished text never does: it is in no alphabet.
 *   <li><b>plain</b>: a value without escapes is done.
 *   <li><b>spread</b> and <b>pick</b>: for a value whose escapes, at most three, are all in the
 *       alphabet. The first writes the whole alphabet behind each code, {@code <40-.@/: +_>}; the
 *       second lets the code decide how many characters are skipped before the one that it keeps.
 *       So any mix of characters is decoded by one match.
 *   <li>The same in two steps for a value with more escapes, up to the bound.
 *   <li><b>empty, over the budget, raw</b>: their marks; what no rule above has decoded stays
 *       encoded, behind {@code ~}.
 *   <li><b>absent</b> takes the label away, also one that the scrape target has set; <b>done</b>
 *       copies finished text to the label.
 * </ol>
 *
 * <p>At the end of a label set the temporary label goes, and the labels are taken off the name.
 *
 * <p>All regexes are anchored and nearly all are decided by their first bytes or byte by byte,
 * which keeps Prometheus' matcher in its fast, one-pass form; more than about twelve slots in one
 * pick would leave it. A rule on a label that is not there costs next to nothing.
 */
final class LosslessRules {
  /** Prometheus itself never uses a name that starts so (documentation, relabel_config). */
  static final String WORK = "__tmp_nametag";

  private static final String PENDING = ";";
  private static final String SPREAD = ";<";
  private static final String SPREAD_FIRST = ";(";
  private static final String PICKED_FIRST = ";)";
  private static final String SPREAD_REST = ";^";

  /** A value in the middle of a name, up to the first of the two underscores behind it. */
  private static final String MIDDLE_VALUE = "[A-Za-z0-9]*_(?:" + Family.PIECE + "_)*";

  /** How many escapes the common case decodes; each slot costs, used or not. */
  private static final int FIRST_SLOTS = 3;

  /** What one pick can decode before Prometheus' matcher leaves its one-pass form. */
  private static final int MAX_SLOTS = 13;

  private static final String PIECE = "([^_]*)_";

  private final Schema schema;
  private final LabelText text;
  private final String dictionary;
  private final String code;

  /** One slot: a code that picks its character, or no code; and the text behind it. */
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
    Alphabet alphabet = new Alphabet(text);
    this.dictionary = alphabet.dictionary();
    this.code = "(?:" + alphabet.codes() + ")";
    this.slot = "<(?:" + alphabet.selectRegex() + "|" + alphabet.unusedRegex() + ")>([^<]*)";
  }

  List<GeneratedRule> rules() {
    List<Family> families = Family.of(schema);
    List<GeneratedRule> rules = new ArrayList<>();
    if (!families.isEmpty()) {
      rules.add(rule(WORK, "(?s).+", WORK, "", "No page brings the temporary label along"));
    }
    families.forEach(family -> addFamily(family, rules));
    return rules;
  }

  private void addFamily(Family family, List<GeneratedRule> rules) {
    int last = family.labels().size() - 1;
    for (int i = 0; i <= last; i++) {
      Label label = family.labels().get(i);
      rules.add(
          rule(
              LabelNames.METRIC_NAME,
              family.alternatives() + form(family, i),
              WORK,
              PENDING + (i == last ? "${1}_" : "$1"),
              label.name() + ": take the encoded value from the name"));
      addDecoding(rules);
      addFinish(label.publishedName(), rules);
    }
    rules.add(rule(WORK, ".+", WORK, "", "Remove the temporary label"));
    rules.add(MarkingRules.takeOffTheName(family));
  }

  /** Returns what follows a metric in the names of a label set, with one value captured. */
  private static String form(Family family, int captured) {
    StringBuilder form = new StringBuilder("_");
    int last = family.labels().size() - 1;
    for (int i = 0; i <= last; i++) {
      // The second underscore before a label is the one in which the value before it ends.
      form.append('_').append(family.labels().get(i).name()).append("__");
      String value = i == last ? Family.ANY_VALUE : MIDDLE_VALUE;
      form.append(i == captured ? "(" + value + ")" : value);
    }
    return form.append(family.anySuffix()).toString();
  }

  private void addDecoding(List<GeneratedRule> rules) {
    int first = Math.min(FIRST_SLOTS, text.maxEscapes());
    int rest = text.maxEscapes() - first;
    rules.add(rule(WORK, PENDING + "([^_]+)_", WORK, "$1", "no escapes: done"));
    rules.add(
        rule(
            WORK,
            PENDING + PIECE + pieces(first),
            WORK,
            SPREAD + "${1}" + spread(first, 2),
            "at most " + first + " escapes: write the alphabet behind each,"));
    rules.add(
        rule(
            WORK,
            Alphabet.quote(SPREAD) + "([^<]*)" + slot.repeat(first),
            WORK,
            groups(1, 2 * first + 1),
            "then let each code pick its character"));
    if (rest > 0) {
      String exactly = ("(" + code + ")" + PIECE).repeat(first);
      rules.add(
          rule(
              WORK,
              PENDING + PIECE + exactly + "((?:" + code + "[^_]*_){1," + rest + "})",
              WORK,
              SPREAD_FIRST + "${" + (2 * first + 2) + "}<${1}" + spread(first, 2),
              "up to " + text.maxEscapes() + " escapes: the same for the first " + first + ","));
      rules.add(
          rule(
              WORK,
              Alphabet.quote(SPREAD_FIRST) + "([^<]*)<([^<]*)" + slot.repeat(first),
              WORK,
              PICKED_FIRST + "${1}<" + groups(2, 2 * first + 1),
              ""));
      rules.add(
          rule(
              WORK,
              Alphabet.quote(PICKED_FIRST) + pieces(rest) + "<(.*)",
              WORK,
              SPREAD_REST + "${" + (2 * rest + 1) + "}" + spread(rest, 1),
              "and then for the others"));
      rules.add(
          rule(
              WORK,
              Alphabet.quote(SPREAD_REST) + "([^<]*)" + slot.repeat(rest),
              WORK,
              groups(1, 2 * rest + 1),
              ""));
    }
  }

  private static void addFinish(String label, List<GeneratedRule> rules) {
    rules.add(rule(WORK, PENDING + "_", WORK, LabelText.EMPTY, "empty"));
    rules.add(
        rule(WORK, PENDING + LosslessCodec.OTHER + "_", WORK, LabelText.OTHER, "over the budget"));
    rules.add(rule(WORK, PENDING + LosslessCodec.ABSENT + "_", label, "", "absent: no such label"));
    rules.add(
        rule(
            WORK,
            PENDING + "([0-9A-Za-z].*|_[0-9a-f].*)_",
            WORK,
            LabelText.MARK + "$1",
            "anything else stays encoded"));
    rules.add(rule(WORK, "([^;].*)", label, "$1", "done"));
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

  private static GeneratedRule rule(
      String source, String regex, String target, String replacement, String comment) {
    return new GeneratedRule(
        RelabelRule.replace(List.of(source), regex, target, replacement), comment);
  }
}
