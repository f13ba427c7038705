package dev.nametag.relabel.lint;

import dev.nametag.naming.LabelText;
import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.RelabelFileException;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds lists of rules wherever they stand, right or wrong, and notes what is wrong with where and
 * how they are written. A misspelled field is left out, as the operator leaves it out.
 */
final class RuleFinder {
  /** How the labels begin in which rules generated for the lossless profile work, and no others. */
  static final String GENERATED = "__tmp_nametag";

  /** How a value that is not decoded becomes a label. */
  private static final String MARKED = LabelText.MARK + "$";

  private static final Map<String, String> SNAKE_TO_CAMEL =
      Map.of("source_labels", "sourceLabels", "target_label", "targetLabel");

  private static final Map<String, String> CAMEL_TO_SNAKE =
      Map.of("sourceLabels", "source_labels", "targetLabel", "target_label");

  private static final Set<String> FIELDS =
      Set.of(
          "source_labels",
          "sourceLabels",
          "separator",
          "regex",
          "modulus",
          "target_label",
          "targetLabel",
          "replacement",
          "action");

  /** Where the operator reads metric rules, by kind, indexes left out. */
  private static final Map<String, String> OPERATOR_PLACES =
      Map.of(
          "ServiceMonitor", "spec.endpoints[].metricRelabelings",
          "PodMonitor", "spec.podMetricsEndpoints[].metricRelabelings",
          "Probe", "spec.metricRelabelings",
          "ScrapeConfig", "spec.metricRelabelings",
          "Prometheus", "spec.scrapeClasses[].metricRelabelings",
          "PrometheusAgent", "spec.scrapeClasses[].metricRelabelings");

  private static final Map<String, String> LISTS =
      Map.of(
          "metricrelabelings", "metricRelabelings",
          "metricrelabelconfigs", "metric_relabel_configs",
          "metricrelabelconfig", "metric_relabel_configs",
          "metricrelabeling", "metricRelabelings",
          "relabelings", "relabelings",
          "relabeling", "relabelings",
          "relabelconfigs", "relabel_configs",
          "relabelconfig", "relabel_configs");

  private final String file;
  private final Findings findings;
  private final Dialect dialect;
  private final List<RuleList> lists = new ArrayList<>();
  private String kind = "";

  RuleFinder(String file, Dialect dialect, Findings findings) {
    this.file = file;
    this.dialect = dialect;
    this.findings = findings;
  }

  /** Returns the lists of a document. */
  List<RuleList> lists(YamlNode document, String root) {
    lists.clear();
    if (document instanceof YamlList list && isRuleList(list)) {
      add(list, root, true, false, RelabelRulesReader.isCamelCase(list));
      return List.copyOf(lists);
    }
    kind = kind(document);
    if (kind.equals("List")
        && ((YamlMap) document).get("items").orElse(null) instanceof YamlList l) {
      List<RuleList> all = new ArrayList<>();
      for (int i = 0; i < l.items().size(); i++) {
        all.addAll(lists(l.items().get(i), join(root, "items[" + i + "]")));
      }
      return all;
    }
    search(document, root, root, false);
    return List.copyOf(lists);
  }

  private static boolean isRuleList(YamlList list) {
    return !list.items().isEmpty()
        && list.items().stream()
            .allMatch(
                item ->
                    item instanceof YamlMap map
                        && map.entries().keySet().stream().anyMatch(FIELDS::contains)
                        && map.get("job_name").isEmpty());
  }

  static String kind(YamlNode document) {
    return document instanceof YamlMap map
            && map.get("kind").orElse(null) instanceof YamlScalar text
            && map.get("apiVersion").isPresent()
        ? text.text()
        : "";
  }

  private void search(YamlNode node, String root, String path, boolean honorLabels) {
    if (node instanceof YamlList list) {
      for (int i = 0; i < list.items().size(); i++) {
        search(list.items().get(i), root, path + "[" + i + "]", honorLabels);
      }
    } else if (node instanceof YamlMap map) {
      boolean honors =
          honorLabels || isTrue(map.get("honorLabels")) || isTrue(map.get("honor_labels"));
      map.entries()
          .forEach(
              (key, value) -> {
                String here = join(path, key);
                String list = listKey(key);
                if (list != null && value instanceof YamlList rules && !rules.items().isEmpty()) {
                  boolean camel = !kind.isEmpty() && !kind.startsWith("VM");
                  boolean either = isMisspelled(key, list, here, root) || kind.startsWith("VM");
                  add(
                      rules,
                      here,
                      list.startsWith("metric"),
                      honors,
                      either
                          ? RelabelRulesReader.isCamelCase(rules)
                          : camel || list.equals("metricRelabelings"));
                } else {
                  search(value, root, here, honors);
                }
              });
    }
  }

  private static String listKey(String key) {
    return LISTS.get(key.replace("_", "").toLowerCase(Locale.ROOT));
  }

  private static boolean isTrue(Optional<YamlNode> node) {
    return node.isPresent()
        && node.get() instanceof YamlScalar scalar
        && Boolean.TRUE.equals(scalar.value());
  }

  /** Notes what is wrong with where a list stands; true if nobody reads it under this name. */
  private boolean isMisspelled(String key, String list, String path, String root) {
    if (kind.startsWith("VM")) {
      return false;
    }
    boolean operator = !kind.isEmpty();
    String right =
        operator
            ? list.startsWith("metric") ? "metricRelabelings" : "relabelings"
            : list.startsWith("metric") ? "metric_relabel_configs" : "relabel_configs";
    boolean bareCamel =
        !operator && key.equals("metricRelabelings") && path.equals(join(root, key));
    if (!key.equals(right) && !bareCamel) {
      findings.add(
          "misspelled-list",
          file,
          path,
          "nobody reads a field called " + key + " here, so that no rule of it ever runs",
          key,
          right);
      return true;
    }
    if (!list.startsWith("metric")) {
      return false;
    }
    String relative = path.substring(root.length()).replaceAll("\\[\\d+]", "[]");
    relative = relative.startsWith(".") ? relative.substring(1) : relative;
    String expected = OPERATOR_PLACES.get(kind);
    boolean known =
        operator
            ? relative.equals(expected)
            : Set.of("", "scrape_configs[].", "[].").contains(relative.replace(key, ""));
    if (!known) {
      findings.add(
          "misplaced-rules",
          file,
          path,
          operator
              ? "a " + kind + " is not read here: the operator drops these rules without a word"
              : "Prometheus does not read metric rules here",
          path,
          operator
              ? expected == null ? "a ServiceMonitor or a PodMonitor" : expected
              : "scrape_configs[].metric_relabel_configs");
    }
    return false;
  }

  private void add(
      YamlList list, String path, boolean forMetrics, boolean honorLabels, boolean camel) {
    List<LintRule> rules = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      String here = path + "[" + i + "]";
      if (!(item instanceof YamlMap map)) {
        findings.add(
            "invalid-rule", file, here, "expected a rule, found " + item.kind(), here, "a rule");
        rules.add(noRule(i, here));
        continue;
      }
      LintRule before = rules.isEmpty() ? null : rules.get(rules.size() - 1);
      rules.add(rule(map, i, here, camel, before));
    }
    lists.add(new RuleList(file, path, forMetrics, honorLabels, rules));
  }

  /** Returns what stands for an item that is no rule, of which a finding says so already. */
  private static LintRule noRule(int index, String path) {
    YamlMap nothing = new YamlMap(Map.of(), Map.of(), 0);
    return new LintRule(index, path, nothing, Optional.empty(), Optional.empty(), "", "", false);
  }

  private LintRule rule(YamlMap map, int index, String path, boolean camel, LintRule before) {
    Map<String, YamlNode> kept = new LinkedHashMap<>();
    map.entries()
        .forEach(
            (key, value) -> {
              if (checkKey(key, join(path, key), camel)) {
                kept.put(key, value);
              }
            });
    YamlMap effective = new YamlMap(kept, map.keyLines(), map.line());
    Optional<RelabelRule> rule = Optional.empty();
    String refusal = "";
    String field = "";
    try {
      YamlList one = new YamlList(List.of(effective), map.line());
      rule =
          Optional.of(
              RelabelRulesReader.readList(file, path, one, Optional.of(dialect)).rules().get(0));
    } catch (RelabelFileException e) {
      refusal = e.reason();
      field = e.field().substring(e.field().lastIndexOf('.') + 1);
    }
    boolean ours = rule.isPresent() && isGenerated(rule.get(), before);
    Optional<RegexSamples> samples = rule.flatMap(built -> RegexSamples.of(built.regex()));
    return new LintRule(index, path, effective, rule, samples, refusal, field, ours);
  }

  /**
   * Returns whether nametag has generated a rule: it works in our temporary label, or marks what is
   * not decoded, or belongs to the generated rule before it.
   */
  private static boolean isGenerated(RelabelRule rule, LintRule before) {
    String target = rule.targetLabel();
    boolean continues =
        before != null
            && before.generated()
            && (target.equals(LabelNames.METRIC_NAME)
                || target.equals(before.rule().get().targetLabel()));
    return rule.sourceLabels().stream().anyMatch(label -> label.startsWith(GENERATED))
        || target.startsWith(GENERATED)
        || rule.replacement().startsWith(MARKED)
        || continues;
  }

  private boolean checkKey(String key, String path, boolean camel) {
    String right = (camel ? SNAKE_TO_CAMEL : CAMEL_TO_SNAKE).get(key);
    if (right != null) {
      findings.add(
          camel ? "snake-case-key" : "camel-case-key",
          file,
          path,
          camel
              ? "the operator does not know "
                  + key
                  + " and drops it, so that the rule runs without it"
              : "Prometheus does not know " + key + " and refuses the configuration",
          key,
          right);
      return false;
    }
    if (dialect == Dialect.VMAGENT && key.equals("if")) {
      return true;
    }
    if (!FIELDS.contains(key)) {
      findings.add(
          "unknown-key", file, path, "no rule has a field called " + key, key, "leave it out");
      return false;
    }
    return true;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
