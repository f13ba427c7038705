package dev.nametag.relabel.lint;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.nametag.relabel.yaml.YamlException;
import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What other documents beside the rules say: which statistics a proxy keeps, which pod labels
 * kube-state-metrics shows, what recording rules join, which label Prometheus enforces.
 */
final class Facts {
  private final List<InclusionList> inclusionLists = new ArrayList<>();
  private final List<Allowlist> allowlists = new ArrayList<>();
  private final List<Expression> expressions = new ArrayList<>();
  private final List<Enforced> enforced = new ArrayList<>();

  /**
   * The statistics that an Envoy keeps.
   *
   * @param patterns as they are written, for messages
   * @param matchers on a statistic's name, one for each pattern
   */
  record InclusionList(
      String file, String path, List<String> patterns, List<Predicate<String>> matchers) {
    boolean includes(String statistic) {
      return matchers.stream().anyMatch(matcher -> matcher.test(statistic));
    }
  }

  /**
   * Labels of one kind of object that kube-state-metrics shows.
   *
   * @param resource such as {@code pods}
   * @param labels as they are called in Kubernetes; {@code *} for all
   */
  record Allowlist(String file, String path, String resource, List<String> labels) {
    /** Returns whether the series of the resource have this label. */
    boolean shows(String prometheusLabel) {
      return labels.stream()
          .anyMatch(label -> label.equals("*") || published(label).equals(prometheusLabel));
    }

    /** Returns a Kubernetes label as kube-state-metrics calls it. */
    static String published(String label) {
      String snake =
          label.replaceAll("[^a-zA-Z0-9_]", "_").replaceAll("([a-z0-9])([A-Z])", "$1_$2");
      return "label_" + snake.toLowerCase(Locale.ROOT);
    }
  }

  /** An expression of a recording rule or an alert. */
  record Expression(String file, String path, String text) {}

  /** A label that a Prometheus resource enforces. */
  record Enforced(String file, String path, String label) {}

  List<InclusionList> inclusionLists() {
    return inclusionLists;
  }

  List<Allowlist> allowlists() {
    return allowlists;
  }

  List<Expression> expressions() {
    return expressions;
  }

  List<Enforced> enforced() {
    return enforced;
  }

  /** Adds what a document says. */
  void read(String file, String path, YamlNode node) {
    if (node instanceof YamlList list) {
      for (int i = 0; i < list.items().size(); i++) {
        read(file, path + "[" + i + "]", list.items().get(i));
      }
    } else if (node instanceof YamlMap map) {
      map.entries()
          .forEach((key, value) -> read(file, path.isEmpty() ? key : path + "." + key, key, value));
    } else if (node instanceof YamlScalar scalar) {
      String flag = "--metric-labels-allowlist=";
      if (scalar.text().startsWith(flag)) {
        allowlist(file, path, scalar.text().substring(flag.length()));
      }
    }
  }

  private void read(String file, String path, String key, YamlNode value) {
    switch (key) {
      case "stats_matcher" ->
          get(value, "inclusion_list", "patterns")
              .ifPresent(patterns -> inclusionList(file, path, patterns));
      case "metricLabelsAllowlist" -> {
        if (value instanceof YamlList list) {
          for (int i = 0; i < list.items().size(); i++) {
            allowlist(file, path + "[" + i + "]", text(list.items().get(i)));
          }
        }
      }
      case "expr" -> expressions.add(new Expression(file, path, text(value)));
      case "enforcedNamespaceLabel" -> {
        if (!text(value).isEmpty()) {
          enforced.add(new Enforced(file, path, text(value)));
        }
      }
      default -> {
        // An EnvoyProxy holds its bootstrap as a text.
        if (key.equals("value") && text(value).contains("stats_matcher")) {
          embedded(file, path, text(value));
        } else {
          read(file, path, value);
        }
      }
    }
  }

  private void embedded(String file, String path, String yaml) {
    try {
      YamlReader.readNodes(file, yaml).forEach(document -> read(file, path, document));
    } catch (YamlException e) {
      // A text with template marks is not ours to refuse.
    }
  }

  private static Optional<YamlNode> get(YamlNode node, String... keys) {
    Optional<YamlNode> at = Optional.of(node);
    for (String key : keys) {
      at = at.flatMap(each -> each instanceof YamlMap map ? map.get(key) : Optional.empty());
    }
    return at;
  }

  private static String text(YamlNode node) {
    return node instanceof YamlScalar scalar && !scalar.isNull() ? scalar.text() : "";
  }

  private void inclusionList(String file, String path, YamlNode patterns) {
    if (!(patterns instanceof YamlList list)) {
      return;
    }
    List<String> texts = new ArrayList<>();
    List<Predicate<String>> matchers = new ArrayList<>();
    for (YamlNode item : list.items()) {
      for (String how : List.of("exact", "prefix", "suffix", "contains")) {
        get(item, how)
            .map(Facts::text)
            .ifPresent(
                text -> {
                  texts.add(text);
                  matchers.add(matcher(how, text));
                });
      }
      get(item, "safe_regex", "regex")
          .map(Facts::text)
          .ifPresent(
              regex -> {
                texts.add(regex);
                matchers.add(regex(regex));
              });
    }
    inclusionLists.add(new InclusionList(file, path, texts, matchers));
  }

  private static Predicate<String> matcher(String how, String text) {
    return switch (how) {
      case "exact" -> text::equals;
      case "prefix" -> name -> name.startsWith(text);
      case "suffix" -> name -> name.endsWith(text);
      default -> name -> name.contains(text);
    };
  }

  /** Source: Envoy API, type.matcher.v3.StringMatcher, safe_regex: the whole text must match. */
  private static Predicate<String> regex(String regex) {
    try {
      Pattern pattern = Pattern.compile(regex);
      return name -> pattern.matcher(name).matches();
    } catch (PatternSyntaxException e) {
      return name -> false;
    }
  }

  /** Reads {@code pods=[a,b],nodes=[c]}. */
  private void allowlist(String file, String path, String text) {
    int at = 0;
    while (at < text.length()) {
      int equals = text.indexOf("=[", at);
      int end = equals < 0 ? -1 : text.indexOf(']', equals);
      if (end < 0) {
        return;
      }
      String resource = text.substring(at, equals).replace(",", "").strip();
      List<String> labels = new ArrayList<>();
      for (String label : text.substring(equals + 2, end).split(",", -1)) {
        if (!label.isBlank()) {
          labels.add(label.strip());
        }
      }
      allowlists.add(new Allowlist(file, path, resource, labels));
      at = end + 1;
    }
  }
}
