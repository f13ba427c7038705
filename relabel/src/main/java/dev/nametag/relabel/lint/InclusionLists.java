package dev.nametag.relabel.lint;

import dev.nametag.relabel.lint.Facts.InclusionList;
import dev.nametag.relabel.yaml.YamlScalar;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Statistics that a proxy's inclusion list leaves out though something needs them. */
final class InclusionLists implements Check {
  private static final String CLUSTER = "cluster.httproute/ns/route/rule/0.";
  private static final Pattern ENVOY_METRIC =
      Pattern.compile("\\b(?:envoy_cluster_)?(upstream_(?:rq|cx)_[a-z0-9_]+)\\b");

  @Override
  public void run(Subject subject, Findings findings) {
    for (InclusionList list : subject.facts().inclusionLists()) {
      Set<String> needed = needed(subject, list);
      for (String statistic : needed) {
        if (!list.includes(CLUSTER + statistic)) {
          findings.add(
              "inclusion-list-omits-metric",
              list.file(),
              list.path(),
              "the proxy does not write "
                  + statistic
                  + ", which the number of requests, and the share of errors in it, are worked out"
                  + " from",
              CLUSTER + statistic,
              "safe_regex: { regex: \".*" + statistic + "\" }");
        }
      }
      unanchored(list, findings);
      if (!list.includes("wasmcustom.authorized_calls_total")
          && !list.includes("authorized_calls_total")) {
        findings.add(
            "inclusion-list-hides-filter",
            list.file(),
            list.path(),
            "the proxy does not write what Wasm filters count: nothing in the list matches"
                + " wasmcustom",
            "wasmcustom.authorized_calls_total",
            "prefix: wasmcustom");
      }
      if (!list.includes("server.live")) {
        findings.add(
            "inclusion-list-blinds-health",
            list.file(),
            list.path(),
            "the proxy does not write how it is itself: nothing in the list matches server",
            "server.live",
            "prefix: server.");
      }
    }
  }

  /** A text anywhere in a name, as a regex: each says it for itself, one finding is enough. */
  private static void unanchored(InclusionList list, Findings findings) {
    List<String> texts =
        list.patterns().stream()
            .filter(pattern -> pattern.matches("\\.\\*\\w+\\.\\*"))
            .map(pattern -> pattern.substring(2, pattern.length() - 2))
            .toList();
    if (!texts.isEmpty()) {
      String text = texts.get(0);
      findings.add(
          "inclusion-list-unanchored",
          list.file(),
          list.path(),
          "a regex with no anchor is run over the name of each new statistic, only to look for "
              + String.join(", ", texts)
              + " anywhere in it; it also lets through what virtual clusters, zones and canaries"
              + " count, and whatever has the text in the middle",
          CLUSTER + text + "\nvhost.x.vcluster.y." + text,
          "suffix: ." + text + ", or contains: " + text);
    }
  }

  /** Returns what rules and expressions read; with classes of responses also their total. */
  private static Set<String> needed(Subject subject, InclusionList list) {
    Set<String> needed = new LinkedHashSet<>();
    if (list.includes(CLUSTER + "upstream_rq_xx")) {
      needed.add("upstream_rq_total");
    }
    subject.facts().expressions().forEach(expression -> addAll(expression.text(), needed));
    for (RuleList rules : subject.metricLists()) {
      for (LintRule rule : rules.rules()) {
        if (rule.readsName() && rule.raw().get("regex").orElse(null) instanceof YamlScalar regex) {
          addAll(regex.text(), needed);
        }
      }
    }
    return needed;
  }

  private static void addAll(String text, Set<String> to) {
    Matcher matcher = ENVOY_METRIC.matcher(text);
    while (matcher.find()) {
      to.add(matcher.group(1).replaceFirst("_(?:bucket|sum|count)$", ""));
    }
  }
}
