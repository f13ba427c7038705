package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.nametag.naming.LabelText;
import dev.nametag.relabel.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs the generated statements on the adversarial identities, in a small interpreter of the few
 * functions that they use: what each does is written down from the source of the Collector
 * (opentelemetry-collector-contrib, pkg/ottl/ottlfuncs). The Collector itself is not run here.
 */
class OtelCollectorTargetTest {
  private static final IdentitySeries SERIES = new IdentitySeries();

  @ParameterizedTest
  @EnumSource
  void theStatementsGiveTheLabelsThatAreMeant(Decoding.Mode mode) {
    Decoding decoding = new Decoding(mode, LabelText.DEFAULT);
    List<Group> groups = groups(OtelCollectorTarget.yaml(IdentitySeries.SCHEMA, decoding));

    for (String name : SERIES.names()) {
      assertThat(run(groups, asReceived(name, name), Map.of("pod", "p", "team", "x")))
          .as(name)
          .isEqualTo(withPod(name, SERIES.labels(name, decoding.unbounded())));
    }
  }

  /** The Collector's receiver makes one metric, without a suffix, of a histogram's series. */
  private static String asReceived(String name, String text) {
    return text.substring(0, text.length() - SERIES.suffix(name).length());
  }

  @ParameterizedTest
  @EnumSource
  void otherMetricsStayAsTheyAre(Decoding.Mode mode) {
    List<Group> groups =
        groups(
            OtelCollectorTarget.yaml(IdentitySeries.SCHEMA, new Decoding(mode, LabelText.DEFAULT)));

    for (String name :
        new String[] {
          "calls",
          "calls_total",
          "calls__user__a__group__b",
          "xcalls__user__a__group__b__user_group__c",
          "calls__user__a__group__b__user_group__c__tier__d"
        }) {
      Map<String, String> attributes = Map.of("user", "_2d", "group", "_none", "team", "<2d>");
      Map<String, String> expected = new TreeMap<>(attributes);
      expected.put("__name__", name);
      assertThat(run(groups, name, attributes)).isEqualTo(expected);
    }
  }

  private static Map<String, String> withPod(String name, Map<String, String> labels) {
    Map<String, String> all = new TreeMap<>(labels);
    all.put("__name__", asReceived(name, labels.get("__name__")));
    all.remove("le");
    all.put("pod", "p");
    return all;
  }

  private record Group(List<String> conditions, List<String> statements) {}

  private static List<Group> groups(String yaml) {
    Map<?, ?> config = (Map<?, ?>) YamlReader.read("generated", yaml).get(0);
    Map<?, ?> processor =
        (Map<?, ?>) ((Map<?, ?>) config.get("processors")).get("transform/nametag");
    List<Group> groups = new ArrayList<>();
    for (Object each : (List<?>) processor.get("metric_statements")) {
      Map<?, ?> group = (Map<?, ?>) each;
      Object conditions = group.get("conditions");
      groups.add(
          new Group(
              conditions == null ? List.of() : texts(conditions), texts(group.get("statements"))));
    }
    return groups;
  }

  /** The Collector reads two dollars as one. */
  private static List<String> texts(Object list) {
    List<String> texts = new ArrayList<>();
    for (Object each : (List<?>) list) {
      String text = (String) each;
      assertThat(text.replace("$$", "")).doesNotContain("$");
      texts.add(text.replace("$$", "$"));
    }
    return texts;
  }

  private static Map<String, String> run(
      List<Group> groups, String name, Map<String, String> attributes) {
    Metric metric = new Metric(name, new TreeMap<>(attributes));
    for (Group group : groups) {
      boolean runs = group.conditions().isEmpty();
      for (String condition : group.conditions()) {
        runs |= metric.holds(condition);
      }
      if (runs) {
        group.statements().forEach(metric::execute);
      }
    }
    metric.attributes.put("__name__", metric.name);
    return metric.attributes;
  }

  private static final class Metric {
    private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final String PATH = "(metric\\.name|datapoint\\.attributes\\[\"[a-z_]+\"\\])";

    private String name;
    private final Map<String, String> attributes;

    private Metric(String name, Map<String, String> attributes) {
      this.name = name;
      this.attributes = attributes;
    }

    private void execute(String statement) {
      int where = statement.indexOf(") where ");
      if (where >= 0 && !holds(statement.substring(where + ") where ".length()))) {
        return;
      }
      String call = where >= 0 ? statement.substring(0, where + 1) : statement;
      Matcher m =
          match(
              call,
              "merge_maps\\(datapoint\\.attributes, ExtractPatterns\\(metric\\.name, "
                  + STRING
                  + "\\), \"upsert\"\\)");
      if (m != null) {
        Pattern pattern = Pattern.compile(unquoted(m.group(1)));
        Matcher found = pattern.matcher(name);
        if (found.find()) {
          pattern.namedGroups().forEach((group, n) -> attributes.put(group, found.group(n)));
        }
        return;
      }
      m = match(call, "delete_key\\(datapoint\\.attributes, " + STRING + "\\)");
      if (m != null) {
        attributes.remove(unquoted(m.group(1)));
        return;
      }
      m = match(call, "set\\(" + PATH + ", " + STRING + "\\)");
      if (m != null) {
        set(m.group(1), unquoted(m.group(2)));
        return;
      }
      m =
          match(
              call, "set\\(" + PATH + ", Concat\\(\\[" + STRING + ", " + PATH + "\\], \"\"\\)\\)");
      if (m != null) {
        set(m.group(1), unquoted(m.group(2)) + get(m.group(3)));
        return;
      }
      m = match(call, "replace_pattern\\(" + PATH + ", " + STRING + ", " + STRING + "\\)");
      assertThat(m).as(statement).isNotNull();
      String text = get(m.group(1));
      if (text != null) {
        Matcher each = Pattern.compile(unquoted(m.group(2))).matcher(text);
        StringBuilder out = new StringBuilder();
        int end = 0;
        while (each.find()) {
          out.append(text.substring(end, each.start()));
          out.append(unquoted(m.group(3)).replace("${1}", "$1").replace("$1", each.group(1)));
          end = each.end();
        }
        set(m.group(1), out.append(text.substring(end)).toString());
      }
    }

    private boolean holds(String condition) {
      int and = condition.indexOf(" and ");
      if (and >= 0) {
        return holds(condition.substring(0, and))
            && holds(condition.substring(and + " and ".length()));
      }
      if (condition.startsWith("not ")) {
        return !holds(condition.substring("not ".length()));
      }
      Matcher m = match(condition, "IsMatch\\(" + PATH + ", " + STRING + "\\)");
      if (m != null) {
        String text = get(m.group(1));
        return text != null && Pattern.compile(unquoted(m.group(2))).matcher(text).find();
      }
      m = match(condition, PATH + " != nil");
      if (m != null) {
        return get(m.group(1)) != null;
      }
      m = match(condition, PATH + " == " + STRING);
      assertThat(m).as(condition).isNotNull();
      return unquoted(m.group(2)).equals(get(m.group(1)));
    }

    private String get(String path) {
      return path.equals("metric.name") ? name : attributes.get(key(path));
    }

    private void set(String path, String value) {
      if (path.equals("metric.name")) {
        name = value;
      } else {
        attributes.put(key(path), value);
      }
    }

    private static String key(String path) {
      return path.substring(path.indexOf('"') + 1, path.lastIndexOf('"'));
    }

    private static Matcher match(String text, String regex) {
      Matcher matcher = Pattern.compile(regex).matcher(text);
      return matcher.matches() ? matcher : null;
    }

    private static String unquoted(String text) {
      return text.replace("\\\"", "\"").replace("\\\\", "\\");
    }
  }
}
