package dev.nametag.relabel.generate;

import dev.nametag.relabel.engine.RelabelRule;

/**
 * A rule and what it is for.
 *
 * @param rule the rule
 * @param comment a sentence for those who review the rules, or empty
 */
public record GeneratedRule(RelabelRule rule, String comment) {}
