package dev.nametag.relabel.engine;

import dev.nametag.relabel.yaml.YamlException;
import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the metric relabel rules in a file, wherever Prometheus or the Prometheus operator reads
 * them.
 *
 * <p>That is: a bare list of rules; {@code metric_relabel_configs} in a prometheus.yml, in a list
 * of scrape configs or alone; {@code metricRelabelings} in a ServiceMonitor, PodMonitor, Probe or
 * ScrapeConfig, also inside a List, or alone; {@code metricRelabelConfigs} in a VMServiceScrape,
 * VMPodScrape or VMStaticScrape. Rules that stand anywhere else are refused rather than overlooked,
 * since the operator drops them without a word. Rules for targets ({@code relabel_configs}, {@code
 * relabelings}) are left alone.
 *
 * <p>JSON is read too. A field without a value ({@code regex:}) is refused, though Prometheus takes
 * it for the empty text or, for a text field, for the word {@code null}.
 */
public final class RelabelRulesReader {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
  private static final String SNAKE_LIST = "metric_relabel_configs";
  private static final String CAMEL_LIST = "metricRelabelings";

  /** The list in the resources of VictoriaMetrics' operator, which takes either spelling. */
  private static final String VM_LIST = "metricRelabelConfigs";

  /** Where Prometheus reads metric rules, indexes left out. */
  private static final List<String> PROMETHEUS_PLACES =
      List.of(SNAKE_LIST, "scrape_configs[]." + SNAKE_LIST, "[]." + SNAKE_LIST);

  /** Where the operator reads metric rules, by kind. */
  private static final Map<String, String> OPERATOR_PLACES =
      Map.of(
          "ServiceMonitor", "spec.endpoints[]." + CAMEL_LIST,
          "PodMonitor", "spec.podMetricsEndpoints[]." + CAMEL_LIST,
          "Probe", "spec." + CAMEL_LIST,
          "ScrapeConfig", "spec." + CAMEL_LIST,
          "VMServiceScrape", "spec.endpoints[]." + VM_LIST,
          "VMPodScrape", "spec.podMetricsEndpoints[]." + VM_LIST,
          "VMStaticScrape", "spec.targetEndpoints[]." + VM_LIST);

  private final String file;
  private Dialect dialect;
  private final List<FoundRules> found = new ArrayList<>();
  private boolean targetRulesSeen;

  private RelabelRulesReader(String file, Dialect dialect) {
    this.file = file;
    this.dialect = dialect;
  }

  /**
   * A list of rules in a file.
   *
   * @param path where it stands, such as {@code scrape_configs[0].metric_relabel_configs}; empty
   *     for a bare list
   * @param rules the rules
   */
  public record FoundRules(String path, RelabelRules rules) {}

  /**
   * Returns the same as {@link #read(String, String, Optional)} for rules that say whose they are.
   */
  public static RelabelRules read(String file, String text) {
    return read(file, text, Optional.empty());
  }

  /**
   * Returns the rules of a file that has one list of them, or several that are the same.
   *
   * @param file how messages call the file
   * @param text its content
   * @param dialect whose rules they are; if nothing is given, those of vmagent if they use what
   *     only it has, else those of Prometheus 3
   * @throws RelabelFileException if the file is refused
   */
  public static RelabelRules read(String file, String text, Optional<Dialect> dialect) {
    List<FoundRules> all = readAll(file, text, dialect);
    RelabelRules first = all.get(0).rules();
    if (!all.stream().allMatch(list -> list.rules().equals(first))) {
      String paths = all.stream().map(FoundRules::path).collect(Collectors.joining(", "));
      throw new RelabelFileException(
          file, "", "several different lists of metric relabel rules: " + paths, 0);
    }
    return first;
  }

  /**
   * Returns every list of metric relabel rules in a file, in order, at least one.
   *
   * @throws RelabelFileException if a rule is refused or there is no list
   */
  public static List<FoundRules> readAll(String file, String text, Optional<Dialect> dialect) {
    RelabelRulesReader reader = new RelabelRulesReader(file, dialect.orElse(null));
    List<YamlNode> documents;
    try {
      documents = YamlReader.readNodes(file, text);
    } catch (YamlException e) {
      throw new RelabelFileException(file, "", e.reason(), e.line());
    }
    if (reader.dialect == null) {
      reader.dialect =
          documents.stream().anyMatch(VmagentKeys::areIn) ? Dialect.VMAGENT : Dialect.PROMETHEUS;
    }
    for (int i = 0; i < documents.size(); i++) {
      reader.document(documents.get(i), documents.size() == 1 ? "" : "documents[" + i + "]");
    }
    if (reader.found.isEmpty()) {
      String hint =
          reader.targetRulesSeen ? ", only rules for targets, which never see a metric name" : "";
      throw new RelabelFileException(
          file, "", "no metric relabel rules (" + SNAKE_LIST + " or " + CAMEL_LIST + ")" + hint, 0);
    }
    return List.copyOf(reader.found);
  }

  /**
   * Returns the rules of a list that stands inside some other document.
   *
   * @param path where the list stands, for messages
   * @param list the rules, in either spelling
   * @param dialect whose rules they are; if nothing is given, as in {@link #read(String, String,
   *     Optional)}
   * @throws RelabelFileException if a rule is refused
   */
  public static RelabelRules readList(
      String file, String path, YamlList list, Optional<Dialect> dialect) {
    Dialect whose = dialect.orElse(VmagentKeys.areIn(list) ? Dialect.VMAGENT : Dialect.PROMETHEUS);
    return new RuleReader(file, whose).rules(list, path, Spelling.of(list));
  }

  private void document(YamlNode document, String path) {
    if (document instanceof YamlList list && isRuleList(list)) {
      found.add(
          new FoundRules(path, new RuleReader(file, dialect).rules(list, path, Spelling.of(list))));
      return;
    }
    Optional<YamlList> items =
        kind(document).equals("List") ? list(document, "items") : Optional.empty();
    if (items.isPresent()) {
      for (int i = 0; i < items.get().items().size(); i++) {
        document(items.get().items().get(i), field(path, "items[" + i + "]"));
      }
      return;
    }
    search(document, path, path, kind(document));
  }

  private static boolean isRuleList(YamlList list) {
    return list.items().stream()
        .noneMatch(item -> item instanceof YamlMap map && map.entries().containsKey("job_name"));
  }

  private static String kind(YamlNode document) {
    return document instanceof YamlMap map
        ? map.get("kind")
            .filter(kind -> kind instanceof YamlScalar)
            .map(kind -> ((YamlScalar) kind).text())
            .orElse("")
        : "";
  }

  private static Optional<YamlList> list(YamlNode map, String key) {
    return ((YamlMap) map)
        .get(key)
        .filter(value -> value instanceof YamlList)
        .map(value -> (YamlList) value);
  }

  private void search(YamlNode node, String root, String path, String kind) {
    if (node instanceof YamlList list) {
      List<YamlNode> items = list.items();
      for (int i = 0; i < items.size(); i++) {
        search(items.get(i), root, path + "[" + i + "]", kind);
      }
      return;
    }
    if (!(node instanceof YamlMap map)) {
      return;
    }
    map.entries()
        .forEach(
            (key, value) -> {
              String here = field(path, key);
              boolean vmList = key.equals(VM_LIST) && kind.startsWith("VM");
              if (key.equals(SNAKE_LIST) || key.equals(CAMEL_LIST) || vmList) {
                checkPlace(root, here, kind, map.keyLine(key));
                Spelling spelling =
                    vmList && value instanceof YamlList list
                        ? Spelling.of(list)
                        : key.equals(SNAKE_LIST) ? Spelling.SNAKE : Spelling.CAMEL;
                found.add(
                    new FoundRules(
                        here, new RuleReader(file, dialect).rules(value, here, spelling)));
              } else if (key.equals("relabel_configs") || key.equals("relabelings")) {
                targetRulesSeen = true;
              } else {
                search(value, root, here, kind);
              }
            });
  }

  private void checkPlace(String root, String path, String kind, int line) {
    String place = INDEX.matcher(path.substring(root.length())).replaceAll("[]");
    place = place.startsWith(".") ? place.substring(1) : place;
    boolean known =
        kind.isEmpty()
            ? PROMETHEUS_PLACES.contains(place) || place.equals(CAMEL_LIST)
            : place.equals(OPERATOR_PLACES.get(kind));
    if (!known) {
      String right =
          kind.isEmpty()
              ? "Prometheus reads them at " + PROMETHEUS_PLACES.get(1)
              : OPERATOR_PLACES.containsKey(kind)
                  ? "a " + kind + " has them at " + OPERATOR_PLACES.get(kind)
                  : "a " + kind + " has none";
      throw new RelabelFileException(
          file, path, "metric relabel rules are not read here: " + right, line);
    }
  }

  /**
   * Returns whether a list is spelled as the operator spells it, {@code sourceLabels}: most of the
   * keys that tell are. If they are as many, it is spelled as Prometheus does.
   */
  public static boolean isCamelCase(YamlList list) {
    return Spelling.of(list) == Spelling.CAMEL;
  }

  static String field(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
