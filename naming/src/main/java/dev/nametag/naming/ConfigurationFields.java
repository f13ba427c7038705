package dev.nametag.naming;

import dev.nametag.naming.json.JsonNumber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads typed values out of a configuration. What is not as expected becomes a {@link Problem} and
 * a value to go on with, so that all problems are found at once.
 */
final class ConfigurationFields {
  private static final String HEX = "0123456789abcdef";

  private final List<Problem> problems = new ArrayList<>();

  /** Throws if there was any problem. */
  void check() {
    if (!problems.isEmpty()) {
      throw refusal();
    }
  }

  /** Returns the exception with all problems so far, at least one. */
  SchemaException refusal() {
    return new SchemaException(problems);
  }

  int integer(String field, Object json, int otherwise, int min, int max) {
    if (json == null) {
      return otherwise;
    }
    Long value = json instanceof JsonNumber number ? number.asLong() : null;
    if (value == null || value < min || value > max) {
      problem(
          field, "expected a whole number from " + min + " to " + max + ", found " + show(json));
      return otherwise;
    }
    return value.intValue();
  }

  boolean bool(String field, Object json) {
    if (json instanceof Boolean value) {
      return value;
    }
    problem(field, "expected true or false, found " + show(json));
    return false;
  }

  String text(String field, Object json) {
    if (json instanceof String text) {
      return text;
    }
    problem(field, "expected a text, found " + show(json));
    return "";
  }

  Map<String, Object> object(String field, Object json) {
    if (json instanceof Map<?, ?> map) {
      Map<String, Object> members = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        members.put((String) entry.getKey(), entry.getValue());
      }
      return members;
    }
    problem(field, "expected an object, found " + show(json));
    return Map.of();
  }

  void onlyKeys(String prefix, Map<String, Object> given, String... known) {
    for (String key : given.keySet()) {
      boolean found = false;
      for (String each : known) {
        found |= each.equals(key);
      }
      if (!found) {
        StringBuilder expected = new StringBuilder();
        for (String each : known) {
          expected.append(expected.length() == 0 ? "" : ", ").append(each);
        }
        problem(prefix + key, "unknown key, expected one of " + expected);
      }
    }
  }

  static String show(Object json) {
    if (json instanceof String text) {
      return "\"" + text + "\"";
    }
    if (json instanceof Map) {
      return "an object";
    }
    if (json instanceof List) {
      return "a list";
    }
    return plain(json);
  }

  /** Returns the text of a value that is neither an object nor a list, otherwise nothing. */
  static String plain(Object json) {
    if (json instanceof String text) {
      return text;
    }
    if (json instanceof JsonNumber number) {
      return number.text();
    }
    if (json instanceof Boolean value) {
      return value ? "true" : "false";
    }
    return json == null ? "null" : "";
  }

  void problem(String field, String reason) {
    problems.add(new Problem(printable(field), printable(reason)));
  }

  /** Shows control characters, so that no text can look like a message of its own. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
