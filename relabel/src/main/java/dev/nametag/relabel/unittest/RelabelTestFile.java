package dev.nametag.relabel.unittest;

import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.explain.InvalidSeriesException;
import dev.nametag.relabel.explain.SeriesText;
import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A file of tests.
 *
 * <pre>
 * rules:                 # a list of rules in either spelling; or
 * rules_file: rules.yml  # any file with rules, relative to this one
 * tests:
 *   - name: the user becomes a label
 *     input: ['calls__user__alice{pod="x"}']
 *     expect: ['calls{pod="x", user="alice"}']
 *   - name: others go away
 *     input: [other]
 *     dropped: true
 * </pre>
 *
 * @param file how messages call it
 * @param rules what is tested
 * @param tests at least one
 */
public record RelabelTestFile(String file, RelabelRules rules, List<RelabelTest> tests) {
  /** Copies. */
  public RelabelTestFile {
    tests = List.copyOf(tests);
  }

  /**
   * Returns the tests of a file.
   *
   * @param file how messages call it
   * @param text its content
   * @param dialect whose rules they are; if nothing is given, the rules say so themselves
   * @param rulesFiles reads the file that {@code rules_file} names: is given that name, and returns
   *     how messages call it and its content
   * @throws RelabelTestException if the file is refused
   * @throws dev.nametag.relabel.yaml.YamlException if it is no YAML
   * @throws dev.nametag.relabel.engine.RelabelFileException if a rule is refused
   */
  public static RelabelTestFile read(
      String file,
      String text,
      Optional<Dialect> dialect,
      BiFunction<String, String, Named> rulesFiles) {
    List<YamlNode> documents = YamlReader.readNodes(file, text);
    if (documents.size() != 1 || !(documents.get(0) instanceof YamlMap root)) {
      throw new RelabelTestException(
          file, "", "expected one document with rules or rules_file, and tests", 0);
    }
    return new Reader(file, dialect).file(root, rulesFiles);
  }

  /**
   * A text and what messages call it.
   *
   * @param name the name
   * @param text the content
   */
  public record Named(String name, String text) {}

  /** Returns what comes of each test, in order. */
  public List<RelabelTestResult> run() {
    return tests.stream().map(test -> test.run(rules)).toList();
  }

  /** Takes one document apart. */
  private static final class Reader {
    private final String file;
    private final Optional<Dialect> dialect;

    Reader(String file, Optional<Dialect> dialect) {
      this.file = file;
      this.dialect = dialect;
    }

    RelabelTestFile file(YamlMap root, BiFunction<String, String, Named> rulesFiles) {
      checkKeys(root, "", Set.of("rules", "rules_file", "tests"));
      RelabelRules rules = rules(root, rulesFiles);
      YamlNode tests = required(root, "", "tests");
      if (!(tests instanceof YamlList list) || list.items().isEmpty()) {
        throw refuse("tests", "expected a list with at least one test", tests.line());
      }
      List<RelabelTest> all = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (int i = 0; i < list.items().size(); i++) {
        String path = "tests[" + i + "]";
        RelabelTest test = test(list.items().get(i), path);
        if (!names.add(test.name())) {
          throw refuse(
              path + ".name",
              "another test is called \"" + test.name() + "\" too",
              list.items().get(i).line());
        }
        all.add(test);
      }
      return new RelabelTestFile(file, rules, all);
    }

    private RelabelRules rules(YamlMap root, BiFunction<String, String, Named> rulesFiles) {
      Optional<YamlNode> inline = root.get("rules");
      Optional<YamlNode> other = root.get("rules_file");
      if (inline.isPresent() == other.isPresent()) {
        throw refuse("", "expected either rules or rules_file", root.line());
      }
      if (inline.isPresent()) {
        if (!(inline.get() instanceof YamlList list)) {
          throw refuse("rules", "expected a list of rules", inline.get().line());
        }
        return RelabelRulesReader.readList(file, "rules", list, dialect);
      }
      Named named = rulesFiles.apply(file, text(other.get(), "rules_file"));
      return RelabelRulesReader.read(named.name(), named.text(), dialect);
    }

    private RelabelTest test(YamlNode node, String path) {
      if (!(node instanceof YamlMap map)) {
        throw refuse(path, "expected a test, found " + node.kind(), node.line());
      }
      checkKeys(map, path, Set.of("name", "input", "expect", "dropped"));
      String name = text(required(map, path, "name"), path + ".name");
      List<Labels> input = series(required(map, path, "input"), path + ".input");
      if (input.isEmpty()) {
        throw refuse(path + ".input", "expected at least one series", map.keyLine("input"));
      }
      boolean dropped = dropped(map, path);
      if (dropped == map.get("expect").isPresent()) {
        throw refuse(path, "expected either expect or dropped: true", map.line());
      }
      List<Labels> expect = dropped ? List.of() : series(map.get("expect").get(), path + ".expect");
      return new RelabelTest(name, input, expect);
    }

    private boolean dropped(YamlMap map, String path) {
      Optional<YamlNode> node = map.get("dropped");
      if (node.isEmpty()) {
        return false;
      }
      if (node.get() instanceof YamlScalar scalar && scalar.value() instanceof Boolean value) {
        return value;
      }
      throw refuse(path + ".dropped", "expected true or false", node.get().line());
    }

    private List<Labels> series(YamlNode node, String path) {
      if (!(node instanceof YamlList list)) {
        throw refuse(path, "expected a list of series, found " + node.kind(), node.line());
      }
      List<Labels> all = new ArrayList<>();
      for (int i = 0; i < list.items().size(); i++) {
        YamlNode item = list.items().get(i);
        String field = path + "[" + i + "]";
        try {
          all.add(SeriesText.parse(text(item, field)));
        } catch (InvalidSeriesException e) {
          throw refuse(field, e.getMessage(), item.line());
        }
      }
      return all;
    }

    private YamlNode required(YamlMap map, String path, String key) {
      return map.get(key).orElseThrow(() -> refuse(field(path, key), "is missing", map.line()));
    }

    private String text(YamlNode node, String field) {
      if (node instanceof YamlScalar scalar && !scalar.isNull()) {
        return scalar.text();
      }
      throw refuse(field, "expected a text, found " + node.kind(), node.line());
    }

    private void checkKeys(YamlMap map, String path, Set<String> known) {
      for (Map.Entry<String, YamlNode> entry : map.entries().entrySet()) {
        if (!known.contains(entry.getKey())) {
          String all = String.join(", ", known.stream().sorted().toList());
          throw refuse(
              field(path, entry.getKey()),
              "unknown key, expected one of " + all,
              map.keyLine(entry.getKey()));
        }
      }
    }

    private static String field(String path, String key) {
      return path.isEmpty() ? key : path + "." + key;
    }

    private RelabelTestException refuse(String field, String reason, int line) {
      return new RelabelTestException(file, field, reason, line);
    }
  }
}
