package dev.nametag.relabel.lint;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that is wrong, or will go wrong.
 *
 * @param id what kind of fault it is, a stable word
 * @param file how messages call the file
 * @param rule the rule's place in its list, from 0; -1 if no one rule is meant
 * @param path where it stands in the file
 * @param reason what is wrong, one sentence
 * @param example a series, or a value, that shows it
 * @param instead what to write
 */
public record Finding(
    String id, String file, int rule, String path, String reason, String example, String instead) {

  /** Returns the finding for JSON. */
  public Map<String, Object> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", id);
    object.put("file", file);
    object.put("rule", rule < 0 ? null : rule);
    object.put("path", path);
    object.put("reason", reason);
    object.put("example", example);
    object.put("instead", instead);
    return object;
  }

  /** Returns the finding as lines for a reader. */
  public String text() {
    String where = path.isEmpty() ? file : file + ": " + path;
    return where
        + ": "
        + id
        + ": "
        + reason
        + "\n  example: "
        + example.replace("\n", "\n           ")
        + "\n  instead: "
        + instead;
  }
}
