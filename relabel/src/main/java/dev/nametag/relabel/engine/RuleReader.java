package dev.nametag.relabel.engine;

import static dev.nametag.relabel.engine.RelabelRulesReader.field;

import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlScalar;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one list of rules, field by field. */
final class RuleReader {
  private final String file;
  private final Dialect dialect;

  /** Reads rules of a dialect; messages call the file so. */
  RuleReader(String file, Dialect dialect) {
    this.file = file;
    this.dialect = dialect;
  }

  /**
   * Returns the rules of a list.
   *
   * @throws RelabelFileException if one is refused, or there is no list
   */
  RelabelRules rules(YamlNode node, String path, Spelling spelling) {
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
