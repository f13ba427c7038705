package dev.nametag.relabel.lint;

import com.google.re2j.Pattern;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.explain.SeriesText;
import java.util.Optional;
import java.util.regex.Matcher;

/** References to groups that do not exist: {@code $1_x} means a group called {@code 1_x}. */
final class GroupReferences implements Check {
  private static final java.util.regex.Pattern REFERENCE =
      java.util.regex.Pattern.compile("\\$\\$|\\$(?:\\{(\\w+)}|(\\w+))");

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.lists()) {
      for (LintRule rule : list.rules()) {
        if (rule.isReplace()) {
          check(list, rule, rule.rule().get().replacement(), findings);
          check(list, rule, rule.rule().get().targetLabel(), findings);
        }
      }
    }
  }

  private static void check(RuleList list, LintRule rule, String template, Findings findings) {
    Pattern pattern = Pattern.compile("(?s:" + rule.rule().get().regex() + ")");
    Matcher references = REFERENCE.matcher(template);
    while (references.find()) {
      String name = references.group(1) != null ? references.group(1) : references.group(2);
      if (name == null || exists(name, pattern)) {
        continue;
      }
      String digits = name.replaceFirst("^(\\d+).*$", "$1");
      boolean glued = !digits.equals(name) && digits.chars().allMatch(Character::isDigit);
      findings.add(
          "group-reference",
          list,
          rule,
          meant(rule, template, references.group())
              + " means a group called "
              + name
              + ", which the regex does not have, so that it is always empty",
          example(list, rule),
          glued ? "${" + digits + "}" + name.substring(digits.length()) : "a group that exists");
    }
  }

  /** Returns the reference; one that is not in the file, with where it comes from. */
  private static String meant(LintRule rule, String template, String reference) {
    boolean unsaid = rule.raw().get("replacement").isEmpty();
    return unsaid && template.equals(RelabelRule.DEFAULT_REPLACEMENT)
        ? "the rule has no replacement, for which " + reference + " is taken: it"
        : reference;
  }

  private static boolean exists(String name, Pattern pattern) {
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return name.length() < 4 && Integer.parseInt(name) <= pattern.groupCount();
    }
    return pattern.namedGroups().containsKey(name);
  }

  private static String example(RuleList list, LintRule rule) {
    RelabelRule alone = rule.rule().get();
    Optional<Labels> series =
        rule.samples()
            .flatMap(samples -> samples.texts().stream().findFirst())
            .flatMap(text -> list.witness(rule, text));
    return series
        .flatMap(
            before ->
                RelabelRules.of(alone)
                    .apply(before)
                    .map(after -> SeriesText.of(before) + " becomes " + SeriesText.of(after)))
        .orElse(alone.replacement());
  }
}
