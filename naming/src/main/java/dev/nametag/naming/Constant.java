package dev.nametag.naming;

/**
 * A value that the configuration itself gives.
 *
 * @param value any text, the empty one too
 */
public record Constant(String value) implements Source {}
