package dev.nametag.cli.gateway;

import dev.nametag.naming.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The fields of one map in a file. Asking for a field of the wrong kind notes a problem and gives
 * nothing; at the end, fields that nobody asked for are problems, too.
 */
final class Fields {
  private static final int MAX_SHOWN = 80;

  private final Map<?, ?> map;
  private final String path;
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(Map<?, ?> map, String path, List<Problem> problems) {
    this.map = map;
    this.path = path;
    this.problems = problems;
  }

  /** The fields of a value that should be a map; none of nothing, and of anything else. */
  static Fields of(Object value, String path, List<Problem> problems) {
    if (value != null && !(value instanceof Map)) {
      problems.add(
          new Problem(path.isEmpty() ? "document" : path, "expected a map, found " + shown(value)));
    }
    return new Fields(value instanceof Map<?, ?> map ? map : Map.of(), path, problems);
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  void problem(String key, String reason) {
    problems.add(new Problem(key.isEmpty() ? path : path(key), reason));
  }

  /** The keys that are there. */
  List<String> keys() {
    return map.keySet().stream().map(String::valueOf).toList();
  }

  boolean has(String key) {
    known.add(key);
    return map.containsKey(key);
  }

  Object raw(String key) {
    known.add(key);
    return map.get(key);
  }

  Fields map(String key) {
    return of(raw(key), path(key), problems);
  }

  /** Makes something of each item of a list, which is given with its path. */
  <T> List<T> list(String key, ItemReader<T> reader) {
    Object value = raw(key);
    List<T> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        reader.read(list.get(i), path(key) + "[" + i + "]").ifPresent(items::add);
      }
    } else if (value != null) {
      problem(key, "expected a list, found " + shown(value));
    }
    return items;
  }

  /** Makes something of an item of a list, or notes why not. */
  interface ItemReader<T> {
    Optional<T> read(Object item, String path);
  }

  List<String> texts(String key) {
    return list(
        key,
        (item, where) -> {
          if (item instanceof String text) {
            return Optional.of(text);
          }
          problems.add(new Problem(where, "expected a text, found " + shown(item)));
          return Optional.empty();
        });
  }

  Optional<String> text(String key) {
    return scalar(key, "a text", value -> value instanceof String text ? text : null);
  }

  boolean flag(String key, boolean otherwise) {
    return scalar(key, "true or false", value -> value instanceof Boolean flag ? flag : null)
        .orElse(otherwise);
  }

  /** A whole number in the closed range. */
  int number(String key, int otherwise, int least, int most) {
    return scalar(
            key,
            "a whole number from " + least + " to " + most,
            value ->
                value instanceof Long number && number >= least && number <= most
                    ? Math.toIntExact(number)
                    : null)
        .orElse(otherwise);
  }

  /** A time such as {@code 250ms}, {@code 10s}, {@code 5m} or {@code 1h}. */
  Optional<Duration> duration(String key) {
    return scalar(key, "a time such as 250ms, 10s, 5m or 1h", Fields::parseDuration);
  }

  /** The same, which is more than nothing. */
  Optional<Duration> positiveDuration(String key) {
    Optional<Duration> found = duration(key);
    if (found.filter(Duration::isZero).isPresent()) {
      problem(key, "expected a time above 0");
      return Optional.empty();
    }
    return found;
  }

  /** One of some words. */
  <T> T choice(String key, T otherwise, Map<String, T> words) {
    return scalar(key, "one of " + String.join(", ", new TreeSet<>(words.keySet())), words::get)
        .orElse(otherwise);
  }

  private <T> Optional<T> scalar(String key, String expected, Function<Object, T> reader) {
    Object value = raw(key);
    if (value == null && !map.containsKey(key)) {
      return Optional.empty();
    }
    T read = value == null ? null : reader.apply(value);
    if (read == null) {
      problem(key, "expected " + expected + ", found " + shown(value));
    }
    return Optional.ofNullable(read);
  }

  /** What was found, or the beginning of it. */
  static String shown(Object value) {
    String text = String.valueOf(value);
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + " …";
  }

  static Duration parseDuration(Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 9) {
      return null;
    }
    long amount = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> null;
    };
  }

  /** Notes the fields that nobody asked for. */
  void done() {
    for (Object key : map.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        problem(shown(key), "unknown; there are " + String.join(", ", known));
      }
    }
  }
}
