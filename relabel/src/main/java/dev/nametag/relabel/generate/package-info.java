/**
 * Rules that turn metric names back into labels, generated from the same schema that the filter
 * counts by.
 *
 * <p>Read {@link dev.nametag.relabel.generate.RuleGenerator} first, then {@link
 * dev.nametag.relabel.generate.LosslessRules}, which explains how plain Prometheus decodes, and
 * {@link dev.nametag.relabel.generate.Alphabet}, how hosts do that can replace every match. {@link
 * dev.nametag.relabel.generate.Decoding} says how much is decoded. Where the rules go is the job of
 * the targets, one class each, named {@code …Target}; two of them need no rules, since the proxy
 * itself makes the labels.
 */
package dev.nametag.relabel.generate;
