/**
 * Relabel rules as Prometheus runs them: {@link dev.nametag.relabel.engine.RelabelRules} turns one
 * label set into another, or drops it.
 *
 * <p>Read {@link dev.nametag.relabel.engine.Relabeler} first: it holds what each action does.
 * {@link dev.nametag.relabel.engine.RelabelRule} says which rules are refused, {@link
 * dev.nametag.relabel.engine.RelabelRulesReader} where rules are found in a file.
 *
 * <p>The semantics are those of Prometheus model/relabel/relabel.go, 3.x where it differs from 2.x:
 * a regular expression is RE2, anchored at both ends, and its dot also matches a line feed. Label
 * names follow the classic character set, not UTF-8 names.
 *
 * <p>Left to others: what a page of samples looks like, and where generated rules come from.
 */
package dev.nametag.relabel.engine;
