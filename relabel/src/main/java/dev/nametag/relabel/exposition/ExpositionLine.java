package dev.nametag.relabel.exposition;

/** One line of a page, without its line feed. */
public sealed interface ExpositionLine permits Sample, TypeLine, HelpLine, CommentLine, BlankLine {}
