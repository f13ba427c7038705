/**
 * The stats store and the pages that show it.
 *
 * <p>Read {@link dev.nametag.hostsim.stats.Stats} first. Names are bytes and are ordered token by
 * token ({@link dev.nametag.hostsim.stats.StatName}); {@link
 * dev.nametag.hostsim.stats.PrometheusPage} writes what Envoy writes, byte for byte, and {@link
 * dev.nametag.hostsim.stats.PrometheusProtobuf} the same as messages.
 *
 * <p>When a stat comes up for the first time, {@link dev.nametag.hostsim.stats.TagSet} looks for
 * tags in its name, which become labels.
 *
 * <p>{@link dev.nametag.hostsim.stats.StatsSettings} is what a bootstrap can say: tags, which stats
 * are kept, buckets, when histograms are merged, and the release of Envoy.
 *
 * <p>Left out: the HTML form, hidden stats, per-endpoint stats, stats that are evicted.
 */
package dev.nametag.hostsim.stats;
