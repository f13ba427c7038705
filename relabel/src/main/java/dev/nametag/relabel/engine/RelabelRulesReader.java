package dev.nametag.relabel.engine;

import dev.nametag.relabel.yaml.YamlException;
import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlScalar;
import java.math.BigInteger;
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
    return new RelabelRulesReader(file, whose).rules(list, path, spelling(list));
  }

  private void document(YamlNode document, String path) {
    if (document instanceof YamlList list && isRuleList(list)) {
      found.add(new FoundRules(path, rules(list, path, spelling(list))));
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
                        ? spelling(list)
                        : key.equals(SNAKE_LIST) ? Spelling.SNAKE : Spelling.CAMEL;
                found.add(new FoundRules(here, rules(value, here, spelling)));
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

  private static String field(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A bare list says by its keys who spelled it. */
  private static Spelling spelling(YamlList list) {
    boolean camel =
        list.items().stream()
            .filter(item -> item instanceof YamlMap)
            .flatMap(item -> ((YamlMap) item).entries().keySet().stream())
            .anyMatch(key -> key.equals("sourceLabels") || key.equals("targetLabel"));
    return camel ? Spelling.CAMEL : Spelling.SNAKE;
  }

  private RelabelRules rules(YamlNode node, String path, Spelling spelling) {
    if (node instanceof YamlScalar scalar && scalar.isNull()) {
      return RelabelRules.of();
    }
    if (!(node instanceof YamlList list)) {
      throw refuse(path, "expected a list of rules, found " + node.kind(), node.line());
    }
    List<RelabelRule> rules = new ArrayList<>();
    List<YamlNode> items = list.items();
    for (int i = 0; i < items.size(); i++) {
      rules.add(rule(items.get(i), path + "[" + i + "]", spelling));
    }
    return RelabelRules.of(rules);
  }

  private RelabelRule rule(YamlNode node, String path, Spelling spelling) {
    if (!(node instanceof YamlMap map)) {
      throw refuse(path, "expected a rule, found " + node.kind(), node.line());
    }
    RelabelRule.Builder rule = RelabelRule.builder(action(map, path)).dialect(dialect);
    map.entries()
        .forEach(
            (key, value) -> {
              int line = map.keyLine(key);
              readField(rule, spelling, key, value, field(path, key), line);
            });
    try {
      RelabelRule built = rule.build();
      checkPresentFields(map, built);
      return built;
    } catch (InvalidRuleException e) {
      String key = spelling.of(e.field().replaceFirst("\\[\\d+]$", ""));
      String index = e.field().endsWith("]") ? e.field().substring(e.field().indexOf('[')) : "";
      throw refuse(field(path, key + index), e.reason(), map.keyLine(key));
    }
  }

  private RelabelAction action(YamlMap rule, String path) {
    Optional<YamlNode> node = rule.get("action");
    if (node.isEmpty()) {
      return RelabelAction.REPLACE;
    }
    String field = field(path, "action");
    String text = text(node.get(), field);
    if (text.isEmpty()) {
      throw refuse(field, "relabel action cannot be empty", node.get().line());
    }
    return RelabelAction.of(text, dialect)
        .orElseThrow(
            () -> refuse(field, "unknown relabel action " + Text.quote(text), node.get().line()));
  }

  private void readField(
      RelabelRule.Builder rule,
      Spelling spelling,
      String key,
      YamlNode value,
      String field,
      int line) {
    boolean condition = key.equals("if") && dialect == Dialect.VMAGENT;
    switch (condition ? key : spelling.toSnake(key)) {
      case "source_labels" -> rule.sourceLabels(sourceLabels(value, field));
      case "separator" -> rule.separator(text(value, field));
      case "regex" -> {
        String regex = regex(value, field);
        // The operator leaves an empty regex out, so that the default holds.
        if (spelling == Spelling.SNAKE || !regex.isEmpty()) {
          rule.regex(regex);
        }
      }
      case "modulus" -> rule.modulus(modulus(value, field));
      case "target_label" -> rule.targetLabel(text(value, field));
      case "replacement" -> rule.replacement(text(value, field));
      case "action" -> {
        // Read before the other fields.
      }
      case "if" -> rule.conditions(conditions(value, field));
      default -> throw refuse(field, unknownField(spelling, key), line);
    }
  }

  private static String unknownField(Spelling spelling, String key) {
    String other = spelling.other().toSnake(key);
    return other.isEmpty()
        ? "unknown field"
        : "unknown field; here it is spelled " + spelling.of(other);
  }

  /**
   * Prometheus refuses some fields even if they say what the default is, which a finished rule does
   * not show.
   */
  private static void checkPresentFields(YamlMap map, RelabelRule rule) {
    if (rule.dialect() == Dialect.VMAGENT) {
      return;
    }
    RelabelAction action = rule.action();
    boolean equal = action == RelabelAction.KEEPEQUAL || action == RelabelAction.DROPEQUAL;
    if (equal && rule.regex().equals(RelabelRule.DEFAULT_REGEX) && map.get("regex").isPresent()) {
      throw new InvalidRuleException("regex", PrometheusChecks.onlySourceAndTarget(action));
    }
    boolean labels = action == RelabelAction.LABELDROP || action == RelabelAction.LABELKEEP;
    if (labels && map.get("source_labels").isPresent()) {
      throw new InvalidRuleException("source_labels", PrometheusChecks.onlyRegex(action));
    }
  }

  /** Returns a regex; vmagent also takes a list of them, any of which may match. */
  private String regex(YamlNode value, String field) {
    if (dialect == Dialect.VMAGENT && value instanceof YamlList list) {
      return String.join("|", texts(list, field));
    }
    return text(value, field);
  }

  private List<SeriesSelector> conditions(YamlNode value, String field) {
    List<String> texts =
        value instanceof YamlList list ? texts(list, field) : List.of(text(value, field));
    try {
      return texts.stream().map(SeriesSelector::parse).toList();
    } catch (IllegalArgumentException e) {
      throw refuse(field, e.getMessage(), value.line());
    }
  }

  private List<String> sourceLabels(YamlNode value, String field) {
    if (!(value instanceof YamlList list)) {
      throw refuse(field, "expected a list of label names, found " + value.kind(), value.line());
    }
    return texts(list, field);
  }

  private List<String> texts(YamlList list, String field) {
    List<String> texts = new ArrayList<>();
    List<YamlNode> items = list.items();
    for (int i = 0; i < items.size(); i++) {
      texts.add(text(items.get(i), field + "[" + i + "]"));
    }
    return texts;
  }

  private String text(YamlNode value, String field) {
    if (!(value instanceof YamlScalar scalar)) {
      throw refuse(field, "expected a text, found " + value.kind(), value.line());
    }
    if (scalar.isNull()) {
      throw refuse(field, "has no value; write '' for the empty text", value.line());
    }
    return scalar.text();
  }

  private long modulus(YamlNode value, String field) {
    Object number = value instanceof YamlScalar scalar ? scalar.value() : null;
    try {
      if (number instanceof Long || number instanceof BigInteger) {
        return Long.parseUnsignedLong(number.toString());
      }
    } catch (NumberFormatException e) {
      // Refused below: negative or beyond 64 bits.
    }
    throw refuse(field, "expected a whole number from 0 to 18446744073709551615", value.line());
  }

  private RelabelFileException refuse(String field, String reason, int line) {
    return new RelabelFileException(file, field, reason, line);
  }
}
