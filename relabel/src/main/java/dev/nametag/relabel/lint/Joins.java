package dev.nametag.relabel.lint;

import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recording rules that join with labels of pods, against what kube-state-metrics shows. */
final class Joins implements Check {
  private static final Pattern KUBE_LABELS = Pattern.compile("\\bkube_([a-z]+)_labels\\b");
  private static final Pattern LABEL = Pattern.compile("\\blabel_[a-zA-Z0-9_]+\\b");
  private static final Pattern UNIQUE =
      Pattern.compile(
          "\\b(?:max|min|topk|group|sum|avg)\\b[^()]*\\([^()]*\\bkube_[a-z]+_labels\\b");

  @Override
  public void run(Subject subject, Findings findings) {
    for (Facts.Expression expression : subject.facts().expressions()) {
      Matcher kube = KUBE_LABELS.matcher(expression.text());
      if (!kube.find()) {
        continue;
      }
      String series = kube.group();
      Optional<Facts.Allowlist> allowlist =
          subject.facts().allowlists().stream()
              .filter(list -> list.resource().matches(kube.group(1) + "(?:e?s)?"))
              .findFirst();
      if (allowlist.isPresent() || !subject.facts().allowlists().isEmpty()) {
        allowlist(expression, series, allowlist, findings);
      }
      if (expression.text().contains("group_left") && !UNIQUE.matcher(expression.text()).find()) {
        findings.add(
            "join-may-fail",
            expression.file(),
            expression.path(),
            "the join fails as a whole as soon as two series of "
                + series
                + " have the same labels to join on, as when kube-state-metrics restarts",
            series,
            "max by (…) (" + series + ") on the right-hand side");
      }
    }
  }

  private static void allowlist(
      Facts.Expression expression,
      String series,
      Optional<Facts.Allowlist> allowlist,
      Findings findings) {
    Matcher labels = LABEL.matcher(expression.text());
    TreeSet<String> missing = new TreeSet<>();
    while (labels.find()) {
      String label = labels.group();
      boolean function = label.equals("label_replace") || label.equals("label_join");
      if (!function && !allowlist.map(list -> list.shows(label)).orElse(false)) {
        missing.add(label);
      }
    }
    for (String label : missing) {
      findings.add(
          "join-label-not-allowlisted",
          expression.file(),
          expression.path(),
          "the expression needs the label "
              + label
              + ", which kube-state-metrics does not show: its allowlist ("
              + allowlist.map(list -> list.file() + ": " + list.path()).orElse("for other objects")
              + ") does not name it, so that the expression matches nothing",
          series + "{" + label + "=\"…\"}",
          "the Kubernetes label that "
              + label
              + " stands for, added to metricLabelsAllowlist, or an expression without it");
    }
  }
}
