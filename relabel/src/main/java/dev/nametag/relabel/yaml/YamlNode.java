package dev.nametag.relabel.yaml;

/** One value of a YAML document, with the line on which it begins. */
public sealed interface YamlNode permits YamlMap, YamlList, YamlScalar {
  /** Returns the line on which the value begins, from 1. */
  int line();

  /**
   * Returns the value as a Map, List, String, Boolean, Long, BigInteger, Double or null. Maps keep
   * the order of the document; maps and lists cannot be changed.
   */
  Object toPlain();

  /** Returns what the value is, for messages: "a map", "a list", "a text", "a number" … */
  String kind();
}
