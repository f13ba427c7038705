package dev.nametag.relabel.exposition;

/** A line with nothing but spaces and tabs. */
public record BlankLine() implements ExpositionLine {}
