/**
 * The stats store and the pages that show it.
 *
 * <p>Read {@link dev.nametag.hostsim.stats.Stats} first. Names are bytes and are ordered token by
 * token ({@link dev.nametag.hostsim.stats.StatName}); {@link
 * dev.nametag.hostsim.stats.PrometheusPage} writes what Envoy writes, byte for byte.
 *
 * <p>Left to a later slice: tag extraction, so that every series has its own group and no labels
 * but {@code le}; the one-line summaries of histograms on the plain page; the protobuf form.
 */
package dev.nametag.hostsim.stats;
