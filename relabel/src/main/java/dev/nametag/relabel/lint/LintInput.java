package dev.nametag.relabel.lint;

/**
 * A file to look at.
 *
 * @param file how messages call it
 * @param text its content, YAML or JSON
 */
public record LintInput(String file, String text) {}
