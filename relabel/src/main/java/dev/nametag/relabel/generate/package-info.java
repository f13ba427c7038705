/**
 * Rules that turn metric names back into labels, generated from the same schema that the filter
 * counts by.
 *
 * <p>Read {@link dev.nametag.relabel.generate.RuleGenerator} first, then {@link
 * dev.nametag.relabel.generate.LosslessRules}, which explains how plain Prometheus decodes. Where
 * the rules go is the job of the targets: {@link
 * dev.nametag.relabel.generate.ServiceMonitorTarget}, {@link
 * dev.nametag.relabel.generate.PrometheusTarget}.
 */
package dev.nametag.relabel.generate;
