package dev.nametag.relabel.exposition;

/**
 * A HELP line.
 *
 * @param family the name of the metric family
 * @param help the text, escapes undone
 */
public record HelpLine(String family, String help) implements ExpositionLine {}
