/**
 * The stats store and the pages that show it.
 *
 * <p>Read {@link dev.nametag.hostsim.stats.Stats} first. Names are bytes and are ordered token by
 * token ({@link dev.nametag.hostsim.stats.StatName}); {@link
 * dev.nametag.hostsim.stats.PrometheusPage} writes what Envoy writes, byte for byte.
 *
 * <p>When a stat comes up for the first time, {@link dev.nametag.hostsim.stats.TagSet} looks for
 * tags in its name, which become labels.
 *
 * <p>Left to a later slice: the one-line summaries of histograms on the plain page; the protobuf
 * form.
 */
package dev.nametag.hostsim.stats;
