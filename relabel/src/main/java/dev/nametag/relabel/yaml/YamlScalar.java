package dev.nametag.relabel.yaml;

/**
 * A single YAML value.
 *
 * @param text the value as it is spelled in the document, without quotes: what a reader that
 *     expects a text takes, also of {@code 0x10} or {@code 1.0}
 * @param value String, Boolean, Long, BigInteger, Double or null, by the YAML 1.2 core schema
 * @param line the line on which the value begins, from 1
 */
public record YamlScalar(String text, Object value, int line) implements YamlNode {
  @Override
  public Object toPlain() {
    return value;
  }

  /** Returns whether there is no value. */
  public boolean isNull() {
    return value == null;
  }

  @Override
  public String kind() {
    if (value == null) {
      return "nothing";
    }
    return value instanceof String
        ? "a text"
        : value instanceof Boolean ? "a truth value" : "a number";
  }
}
