package dev.nametag.relabel.exposition;

/**
 * A comment that is neither TYPE nor HELP.
 *
 * @param text everything after the {@code #}; what was not UTF-8 is replaced, as nobody reads it
 */
public record CommentLine(String text) implements ExpositionLine {}
