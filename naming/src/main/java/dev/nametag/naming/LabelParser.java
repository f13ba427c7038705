package dev.nametag.naming;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code labels} of a configuration, and selectors wherever they stand. */
final class LabelParser {
  private final ConfigurationFields fields;

  LabelParser(ConfigurationFields fields) {
    this.fields = fields;
  }

  Map<String, Label> labels(Object json) {
    Map<String, Label> labels = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : fields.object("labels", json).entrySet()) {
      String name = entry.getKey();
      String field = "labels." + name;
      if (!Names.isLabel(name)) {
        fields.problem(
            field,
            "label name "
                + ConfigurationFields.show(name)
                + " must be lower-case letters and digits in words joined by single underscores,"
                + " a letter first");
      } else if (isTakenLabel(name)) {
        fields.problem(
            field,
            "label name "
                + ConfigurationFields.show(name)
                + " belongs to histograms and summaries");
      }
      labels.put(name, label(field, name, entry.getValue()));
    }
    return labels;
  }

  /**
   * Hosts look for {@code name=} anywhere, so that a longer name with the same end is taken, too.
   */
  void tagNames(Map<String, Label> labels) {
    for (Label label : labels.values()) {
      String name = label.name();
      String field = "labels." + name;
      for (Label other : labels.values()) {
        String longer = other.name();
        if (longer.length() > name.length() && longer.endsWith(name)) {
          fields.problem(
              field,
              "label name "
                  + ConfigurationFields.show(name)
                  + " is the end of label name "
                  + ConfigurationFields.show(longer)
                  + ", which naming envoy-tags cannot tell apart");
        }
      }
      if (Names.startsLikeAuthorization(name)) {
        fields.problem(
            field,
            "label name "
                + ConfigurationFields.show(name)
                + " starts like what Istio cuts off names of stats");
      }
    }
  }

  private Label label(String field, String name, Object json) {
    List<Source> sources = new ArrayList<>();
    String publishedName = name;
    ListPolicy list = ListPolicy.NONE;
    boolean pseudonym = false;
    if (json instanceof Map) {
      Map<String, Object> given = fields.object(field, json);
      fields.onlyKeys(
          field + ".", given, "from", "value", "trusted", "rename", "list", "pseudonym");
      boolean trusted = fields.bool(field + ".trusted", given.getOrDefault("trusted", false));
      if (given.containsKey("from") == given.containsKey("value")) {
        fields.problem(field, "expected either from or value");
      } else if (given.containsKey("from")) {
        sources(field + ".from", given.get("from"), trusted, sources);
      } else {
        sources.add(new Constant(fields.text(field + ".value", given.get("value"))));
      }
      if (given.containsKey("list")) {
        list = list(field + ".list", given.get("list"), sources);
      }
      pseudonym = fields.bool(field + ".pseudonym", given.getOrDefault("pseudonym", false));
      if (given.containsKey("rename")) {
        publishedName = fields.text(field + ".rename", given.get("rename"));
        if (!Names.isPublishedLabel(publishedName) || isTakenLabel(publishedName)) {
          fields.problem(
              field + ".rename",
              ConfigurationFields.show(publishedName) + " cannot be a label name in Prometheus");
        }
      }
    } else {
      sources(field, json, false, sources);
    }
    return new Label(name, sources, publishedName, list, pseudonym);
  }

  private ListPolicy list(String field, Object json, List<Source> sources) {
    ListPolicy list = json instanceof String text ? ListPolicy.of(text) : null;
    if (list == null) {
      fields.problem(
          field, "expected first, joined or all, found " + ConfigurationFields.show(json));
      return ListPolicy.NONE;
    }
    for (Source source : sources) {
      if (source instanceof Selector selector
          && selector.path().get(selector.path().size() - 1) instanceof Selector.Index) {
        fields.problem(
            field,
            "selector "
                + ConfigurationFields.show(selector.text())
                + " reads one element, which is no list; leave out the index");
      }
    }
    return list;
  }

  /** Returns where a metric's value comes from. */
  List<Source> measured(String field, Object json) {
    List<Source> sources = new ArrayList<>();
    if (json instanceof Map) {
      Map<String, Object> given = fields.object(field, json);
      fields.onlyKeys(field + ".", given, "from", "trusted");
      boolean trusted = fields.bool(field + ".trusted", given.getOrDefault("trusted", false));
      if (given.containsKey("from")) {
        sources(field + ".from", given.get("from"), trusted, sources);
      } else {
        fields.problem(field + ".from", "missing; expected a selector such as request.size");
      }
    } else {
      sources(field, json, false, sources);
    }
    return sources;
  }

  private void sources(String field, Object json, boolean trusted, List<Source> sources) {
    if (json instanceof List<?> list) {
      if (list.isEmpty()) {
        fields.problem(field, "expected at least one selector");
      }
      for (int i = 0; i < list.size(); i++) {
        String at = field + "[" + i + "]";
        if (!sources.isEmpty() && sources.get(sources.size() - 1) instanceof Constant) {
          fields.problem(at, "is never read, since the string before it always is a value");
        }
        selector(at, list.get(i), trusted, sources);
      }
    } else {
      selector(field, json, trusted, sources);
    }
  }

  private void selector(String field, Object json, boolean trusted, List<Source> sources) {
    if (!(json instanceof String text)) {
      fields.problem(
          field,
          "expected a selector such as auth.identity.userid, found "
              + ConfigurationFields.show(json));
      return;
    }
    try {
      Source source = SelectorParser.parse(text);
      if (!trusted && source instanceof Selector selector && isClientHeader(selector)) {
        fields.problem(
            field,
            "selector "
                + ConfigurationFields.show(text)
                + " reads a header that any client can set; if something in front of the filter"
                + " sets or strips it, say {\"from\": …, \"trusted\": true}");
      }
      sources.add(source);
    } catch (SelectorParser.SelectorException e) {
      fields.problem(field, "selector " + ConfigurationFields.show(text) + ", " + e.getMessage());
    }
  }

  /** Headers identify nobody by themselves; these attributes are headers under other names. */
  private static boolean isClientHeader(Selector selector) {
    return selector.startsWith("request", "headers")
        || selector.startsWith("request", "useragent")
        || selector.startsWith("request", "referer")
        || selector.startsWith("request", "id");
  }

  private static boolean isTakenLabel(String name) {
    return name.equals("le") || name.equals("quantile");
  }
}
