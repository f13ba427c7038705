/**
 * Says what each relabel rule did to a series: what it saw, whether it matched, what it captured
 * and what it changed.
 *
 * <p>Read {@link dev.nametag.relabel.explain.Explanation} first. A report turns explanations into
 * text, JSON or a page for a browser; {@link dev.nametag.relabel.explain.SeriesText} reads a series
 * as people write it.
 *
 * <p>Left to others: running the rules, which the engine does.
 */
package dev.nametag.relabel.explain;
