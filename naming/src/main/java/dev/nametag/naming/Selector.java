package dev.nametag.naming;

import java.util.List;

/**
 * Reads one attribute of a request: a subset of CEL, namely a path of names and indexes, optionally
 * within {@code string(…)}, {@code int(…)}, {@code double(…)} or {@code bool(…)}, and at its end,
 * optionally, {@code .split("separator")[index]}.
 *
 * @param text the selector as it was written
 * @param type what the value is to be
 * @param path the steps from the root attribute, at least one; the first is always a {@link Key}
 * @param split how to take a part of the value that the path leads to, or {@code null}
 */
public record Selector(String text, Type type, List<Step> path, Split split) implements Source {
  /** What a value is to be. Hosts give some numbers and truth values as bytes without a type. */
  public enum Type {
    /** Whatever the host says it is; a text where it says nothing. */
    ANY,
    /** The bytes as they are. */
    STRING,
    /** A whole number. */
    INT,
    /** A number. */
    DOUBLE,
    /** {@code true} or {@code false}. */
    BOOL
  }

  /** Checks and copies. */
  public Selector {
    path = List.copyOf(path);
    if (path.isEmpty() || !(path.get(0) instanceof Key)) {
      throw new IllegalArgumentException("a selector starts with a name: " + text);
    }
  }

  /** One step into an attribute. */
  public sealed interface Step permits Key, Index {}

  /**
   * A member of a map, written {@code .name} or {@code ["name"]}.
   *
   * @param name not empty
   */
  public record Key(String name) implements Step {}

  /**
   * An element of a list, written {@code [index]}.
   *
   * @param index from 0
   */
  public record Index(int index) implements Step {}

  /**
   * A part of a text.
   *
   * @param separator not empty
   * @param index which part, from 0; a text with fewer parts has no value
   */
  public record Split(String separator, int index) {}

  /** Returns whether the path starts with these names. */
  public boolean startsWith(String... names) {
    if (path.size() < names.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!(path.get(i) instanceof Key key) || !key.name().equals(names[i])) {
        return false;
      }
    }
    return true;
  }
}
