package dev.nametag.relabel.lint;

import dev.nametag.relabel.yaml.YamlScalar;
import java.util.List;
import java.util.Map;

/** Rules that Prometheus refuses, above all regexes that are not RE2. */
final class RefusedRules implements Check {
  private static final Map<String, String> NOT_RE2 =
      Map.of(
          "(?=", "a lookahead",
          "(?!", "a negative lookahead",
          "(?<=", "a lookbehind",
          "(?<!", "a negative lookbehind",
          "(?>", "an atomic group");

  private static final List<String> POSSESSIVE = List.of("*+", "++", "?+");

  @Override
  public void run(Subject subject, Findings findings) {
    for (RuleList list : subject.lists()) {
      for (LintRule rule : list.rules()) {
        if (rule.rule().isEmpty() && !rule.refusal().isEmpty()) {
          refused(list, rule, findings);
        }
      }
    }
  }

  private static void refused(RuleList list, LintRule rule, Findings findings) {
    String regex =
        rule.raw().get("regex").orElse(null) instanceof YamlScalar text ? text.text() : "";
    String syntax = rule.refusedField().equals("regex") ? perlSyntax(regex) : "";
    if (!syntax.isEmpty()) {
      findings.add(
          "regex-not-re2",
          list,
          rule,
          "the regex has " + syntax + ", which RE2 does not know; Prometheus refuses the file",
          regex,
          "a regex without it: match the wanted series and drop the others by a rule of their own");
      return;
    }
    findings.add(
        "invalid-rule",
        list,
        rule,
        rule.refusedField() + ": " + rule.refusal(),
        regex.isEmpty() ? rule.path() : regex,
        "a rule that Prometheus takes");
  }

  private static String perlSyntax(String regex) {
    for (Map.Entry<String, String> syntax : NOT_RE2.entrySet()) {
      if (regex.contains(syntax.getKey())) {
        return syntax.getValue();
      }
    }
    for (int i = 0; i + 1 < regex.length(); i++) {
      if (regex.charAt(i) == '\\') {
        if (regex.charAt(i + 1) >= '1' && regex.charAt(i + 1) <= '9') {
          return "a backreference";
        }
        i++;
      } else if (POSSESSIVE.contains(regex.substring(i, i + 2))) {
        return "a possessive quantifier";
      }
    }
    return "";
  }
}
