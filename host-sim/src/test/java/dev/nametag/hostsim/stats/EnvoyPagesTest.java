package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole pages of Envoy's own tests, byte for byte; the files name them.
 *
 * <p>A file has lines about stats, a line of three hyphens, and the page. In a line: kind, name,
 * tags with {@code =}, and after a colon the samples or the text. {@code \n}, {@code \s} and {@code
 * \\} stand for a line feed, a blank and a backslash. A stat with tags has the name that Envoy's
 * tests give it, in which each tag comes in angle brackets; a regular expression takes it out
 * again.
 */
class EnvoyPagesTest {

  private static final Path PAGES = Path.of("src/test/resources/dev/nametag/hostsim/stats/pages");

  private final List<TagSet.Specifier> tags = new ArrayList<>();
  private final Map<String, String> query = new HashMap<>();
  private String[] namespaces = {};
  private boolean defaults;

  static Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void thePageIsEnvoys(String name) throws IOException {
    String file = Files.readString(PAGES.resolve(name));
    int end = file.indexOf("---\n");
    List<Line> lines = new ArrayList<>();
    for (String line : file.substring(0, end).lines().toList()) {
      read(line, lines);
    }
    Stats stats =
        new Stats(StatsSettings.of(TagSet.custom(tags, defaults)).withNamespaces(namespaces));
    lines.forEach(line -> line.define(stats));

    assertThat(new String(stats.prometheusPage(StatsQuery.of(query)), UTF_8))
        .isEqualTo(file.substring(end + 4));
  }

  private record Line(String kind, StatName name, List<String> values) {

    void define(Stats stats) {
      switch (kind) {
        case "counter" -> stats.defineCounter(name);
        case "gauge" -> stats.defineGauge(name);
        case "text" -> stats.defineTextReadout(name).set(values.get(0));
        case "histogram" -> {
          Histogram histogram = stats.defineHistogram(name);
          values.forEach(value -> histogram.record(Long.parseLong(value)));
        }
        default -> throw new IllegalArgumentException(kind);
      }
    }
  }

  private void read(String line, List<Line> lines) {
    List<String> words = List.of(line.split(" ", -1));
    String kind = words.get(0);
    if (kind.equals("namespace")) {
      namespaces = new String[] {words.get(1)};
    } else if (kind.equals("query")) {
      String[] parameter = words.get(1).split("=", 2);
      query.put(parameter[0], parameter.length > 1 ? parameter[1] : "");
    } else if (kind.equals("defaults")) {
      defaults = true;
    } else if (!kind.equals("#")) {
      int colon = words.contains(":") ? words.indexOf(":") : words.size();
      StringBuilder name = new StringBuilder(words.get(1));
      for (String tag : words.subList(2, colon)) {
        String[] parts = tag.split("=", 2);
        name.append(tag(parts[0], unescaped(parts[1])));
      }
      lines.add(
          new Line(
              kind,
              new StatName(ByteString.utf8(name.toString())),
              words.subList(Math.min(colon + 1, words.size()), words.size())));
    }
  }

  private String tag(String name, String value) {
    TagSet.Specifier specifier = new TagSet.Specifier(name, "(<" + quoted(name) + ":([^>]*)>)");
    if (!tags.contains(specifier)) {
      tags.add(specifier);
    }
    return "<" + name + ":" + value + ">";
  }

  private static String quoted(String text) {
    return text.replace(".", "\\.");
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
        out.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i) == 's' ? ' ' : text.charAt(i));
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
