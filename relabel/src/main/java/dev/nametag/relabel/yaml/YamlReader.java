package dev.nametag.relabel.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the documents of a YAML file, within bounds that no file can leave.
 *
 * <p>YAML 1.2 with the core schema: {@code yes} and {@code on} are texts. Merge keys ({@code <<})
 * are followed, since Prometheus follows them. Refused: a key given twice, tags of one's own, an
 * alias inside the value that it names, values nested deeper than {@value #MAX_DEPTH}, documents
 * that say more by aliases than the limit would let them say in full.
 */
public final class YamlReader {
  /** How many code points a file may have unless the caller says otherwise: 8 Mi. */
  public static final int DEFAULT_CODE_POINT_LIMIT = 8 * 1024 * 1024;

  /** How many values a file may have; each takes about a hundred bytes. */
  private static final int MAX_VALUES = 250_000;

  private static final int MAX_DEPTH = 200;
  private static final String MERGE = "<<";

  private final String file;
  private final int codePointLimit;
  private final Iterator<Event> events;

  /** What anchors of the current document name. */
  private final Map<String, YamlNode> anchors = new HashMap<>();

  /** How many nodes each anchored value stands for, aliases written out. */
  private final Map<String, Long> anchoredNodes = new HashMap<>();

  /** How many levels lie below each anchored value, aliases written out. */
  private final Map<String, Integer> anchoredLevels = new HashMap<>();

  /** The deepest level so far of the value that is being read, aliases written out. */
  private int deepest;

  /** How many values were read from the file so far. */
  private int values;

  /** How many nodes the current document stands for so far, aliases written out. */
  private long nodes;

  private YamlReader(String file, String text, int codePointLimit) {
    this.file = file;
    this.codePointLimit = codePointLimit;
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(codePointLimit)
            .setParseComments(false)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * Returns the documents of a text as plain values (see {@link YamlNode#toPlain}).
   *
   * @param file how messages call the text
   * @throws YamlException if the text is refused
   */
  public static List<Object> read(String file, String text) {
    List<Object> plain = new ArrayList<>();
    readNodes(file, text).forEach(node -> plain.add(node.toPlain()));
    return plain;
  }

  /** Returns the documents of a text; see {@link #readNodes(String, String, int)}. */
  public static List<YamlNode> readNodes(String file, String text) {
    return readNodes(file, text, DEFAULT_CODE_POINT_LIMIT);
  }

  /**
   * Returns the documents of a text, none for an empty one.
   *
   * @param file how messages call the text
   * @param codePointLimit how many code points the text may have
   * @throws YamlException if the text is refused
   */
  public static List<YamlNode> readNodes(String file, String text, int codePointLimit) {
    if (text.length() > codePointLimit && text.codePointCount(0, text.length()) > codePointLimit) {
      throw new YamlException(file, 0, "longer than " + codePointLimit + " characters");
    }
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      return new YamlReader(file, body, codePointLimit).documents();
    } catch (MarkedYamlEngineException e) {
      throw new YamlException(
          file, lineOf(e.getProblemMark()), e.getProblem() + quotingHint(e.getProblem()));
    } catch (YamlEngineException e) {
      throw new YamlException(file, 0, String.valueOf(e.getMessage()));
    } catch (NumberFormatException e) {
      // What the library lets out for an escape such as UFFFFFFFF behind a backslash.
      throw new YamlException(file, 0, "an escape stands for no character");
    }
  }

  /**
   * Returns the documents of a stream in UTF-8, which is read to its end but not closed.
   *
   * @throws YamlException if the text is refused, also if it is not UTF-8
   * @throws UncheckedIOException if the stream fails
   */
  public static List<YamlNode> readNodes(String file, InputStream in, int codePointLimit) {
    byte[] bytes;
    try {
      bytes = in.readNBytes((int) Math.min(4L * codePointLimit + 1, Integer.MAX_VALUE - 8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.length > 4L * codePointLimit) {
      throw new YamlException(file, 0, "longer than " + codePointLimit + " characters");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return readNodes(file, text, codePointLimit);
    } catch (CharacterCodingException e) {
      throw new YamlException(file, 0, "not UTF-8");
    }
  }

  private List<YamlNode> documents() {
    List<YamlNode> documents = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.StreamEnd; event = next()) {
      if (event.getEventId() == Event.ID.DocumentStart) {
        anchors.clear();
        anchoredNodes.clear();
        anchoredLevels.clear();
        deepest = 0;
        nodes = 0;
        documents.add(node(next(), 0));
      }
    }
    return documents;
  }

  private Event next() {
    try {
      return events.next();
    } catch (NoSuchElementException e) {
      throw new YamlException(file, 0, "ends in the middle of a document");
    }
  }

  private YamlNode node(Event event, int depth) {
    int line = lineOf(event.getStartMark());
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth, line);
    }
    checkDepth(depth, line);
    if (++values > MAX_VALUES) {
      throw new YamlException(file, line, "more than " + MAX_VALUES + " values");
    }
    count(1, line);
    long before = nodes;
    int deepestBefore = deepest;
    deepest = depth;
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      node = scalar(scalar, line);
    } else if (event instanceof SequenceStartEvent start) {
      checkTag(start.getTag(), "seq", line);
      node = list(depth, line);
    } else if (event instanceof MappingStartEvent start) {
      checkTag(start.getTag(), "map", line);
      node = map(depth, line);
    } else {
      throw new YamlException(file, line, "expected a value");
    }
    ((NodeEvent) event)
        .getAnchor()
        .ifPresent(
            anchor -> {
              anchors.put(anchor.getValue(), node);
              anchoredNodes.put(anchor.getValue(), nodes - before + 1);
              anchoredLevels.put(anchor.getValue(), deepest - depth);
            });
    deepest = Math.max(deepest, deepestBefore);
    return node;
  }

  private void checkDepth(int depth, int line) {
    if (depth > MAX_DEPTH) {
      throw new YamlException(file, line, "nested deeper than " + MAX_DEPTH);
    }
  }

  private YamlNode alias(AliasEvent event, int depth, int line) {
    String name = event.getAlias().getValue();
    YamlNode named = anchors.get(name);
    if (named == null) {
      throw new YamlException(
          file, line, "alias *" + name + " names nothing that stands before it");
    }
    count(anchoredNodes.get(name), line);
    int bottom = depth + anchoredLevels.get(name);
    checkDepth(bottom, line);
    deepest = Math.max(deepest, bottom);
    return named;
  }

  private void count(long more, int line) {
    nodes += more;
    if (nodes > codePointLimit) {
      throw new YamlException(
          file, line, "aliases stand for more than " + codePointLimit + " values");
    }
  }

  private YamlNode list(int depth, int line) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      items.add(node(event, depth + 1));
    }
    return new YamlList(items, line);
  }

  private YamlNode map(int depth, int line) {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    Map<String, Integer> keyLines = new HashMap<>();
    YamlNode merged = null;
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      int keyLine = lineOf(event.getStartMark());
      boolean merge = event instanceof ScalarEvent scalar && isMerge(scalar);
      YamlNode key = node(event, depth + 1);
      if (!(key instanceof YamlScalar text) || text.isNull()) {
        throw new YamlException(file, keyLine, "a key must be a text, not " + key.kind());
      }
      String name = text.text();
      YamlNode value = node(next(), depth + 1);
      if (merge ? merged != null : entries.put(name, value) != null) {
        throw new YamlException(file, keyLine, "key \"" + name + "\" is given twice");
      }
      if (merge) {
        merged = value;
      } else {
        keyLines.put(name, keyLine);
      }
    }
    if (merged != null) {
      merge(merged, entries, keyLines);
    }
    return new YamlMap(entries, keyLines, line);
  }

  private static boolean isMerge(ScalarEvent key) {
    return key.isPlain() && key.getValue().equals(MERGE);
  }

  /** Adds the keys that the map does not have itself; of several maps the first wins. */
  private void merge(YamlNode from, Map<String, YamlNode> entries, Map<String, Integer> keyLines) {
    if (from instanceof YamlMap map) {
      map.entries()
          .forEach(
              (key, value) -> {
                if (entries.putIfAbsent(key, value) == null) {
                  keyLines.put(key, map.keyLine(key));
                }
              });
      return;
    }
    if (!(from instanceof YamlList maps)) {
      throw new YamlException(file, from.line(), "<< needs a map or a list of maps");
    }
    for (YamlNode item : maps.items()) {
      if (!(item instanceof YamlMap)) {
        throw new YamlException(file, item.line(), "<< needs a map or a list of maps");
      }
      merge(item, entries, keyLines);
    }
  }

  private YamlNode scalar(ScalarEvent event, int line) {
    String text = event.getValue();
    Optional<String> tag = event.getTag();
    if (tag.isEmpty()) {
      return new YamlScalar(text, event.isPlain() ? CoreSchema.resolve(text) : text, line);
    }
    if (tag.get().equals("!") || tag.get().equals(coreTag("str"))) {
      return new YamlScalar(text, text, line);
    }
    Object value = CoreSchema.resolve(text);
    boolean agrees =
        (tag.get().equals(coreTag("null")) && value == null)
            || (tag.get().equals(coreTag("bool")) && value instanceof Boolean)
            || (tag.get().equals(coreTag("int"))
                && value instanceof Number
                && !(value instanceof Double))
            || (tag.get().equals(coreTag("float")) && value instanceof Number);
    if (!agrees) {
      throw new YamlException(file, line, "tag " + tag.get() + " is not understood here");
    }
    return new YamlScalar(text, value, line);
  }

  private void checkTag(Optional<String> tag, String expected, int line) {
    if (tag.isPresent() && !tag.get().equals("!") && !tag.get().equals(coreTag(expected))) {
      throw new YamlException(file, line, "tag " + tag.get() + " is not understood here");
    }
  }

  private static String coreTag(String name) {
    return "tag:yaml.org,2002:" + name;
  }

  /** Selectors have brackets, which end a text without quotes within {@code { }} or {@code [ ]}. */
  private static String quotingHint(String problem) {
    return problem.startsWith("expected ',' or") && problem.endsWith("but got [")
        ? "; within { } or [ ], a text with brackets needs quotes around it"
        : "";
  }

  private static int lineOf(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }
}
