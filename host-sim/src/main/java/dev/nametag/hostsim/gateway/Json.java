package dev.nametag.hostsim.gateway;

/** Reads and writes JSON for the built-in upstreams; whoever starts the gateway brings one. */
public interface Json {

  /**
   * The value of a text: Map, List, String, Boolean, null, and for numbers something whose {@code
   * toString} spells them.
   *
   * @throws IllegalArgumentException when it is not JSON
   */
  Object read(String text);

  /** The text of such a value, or of one with {@link Number}s in it, on one line. */
  String write(Object value);
}
