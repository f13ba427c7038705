/**
 * The Prometheus text format 0.0.4: what Envoy's {@code /stats/prometheus} writes and the world
 * scrapes, line by line.
 *
 * <p>Read {@link dev.nametag.relabel.exposition.ExpositionReader} first. {@link
 * dev.nametag.relabel.exposition.ExpositionWriter} undoes it, {@link
 * dev.nametag.relabel.exposition.RelabelledPage} is a page after relabel rules.
 *
 * <p>Sources: Prometheus documentation, "Exposition formats", Text-based format; where that is
 * silent, Prometheus model/textparse/promparse.go and promlex.l. OpenMetrics and protobuf are left
 * to others.
 */
package dev.nametag.relabel.exposition;
