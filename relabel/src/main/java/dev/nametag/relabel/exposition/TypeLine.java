package dev.nametag.relabel.exposition;

/**
 * A TYPE line.
 *
 * @param family the name of the metric family
 * @param type its type
 */
public record TypeLine(String family, MetricType type) implements ExpositionLine {}
