package dev.nametag.hostsim.stats;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Which stats a page shows, and how. Source: Envoy source/server/admin/stats_params.cc,
 * StatsParams::parse, and utils.cc, Utility::histogramBucketsParam.
 *
 * @param usedOnly only those that were written to
 * @param filter only those of which some part of the full name matches, before the namespace is
 *     dropped
 * @param buckets empty when nothing is said
 * @param protobuf whether {@code prom_protobuf} is there
 * @param maxNativeBuckets how many buckets a native histogram may have
 */
public record StatsQuery(
    boolean usedOnly,
    Optional<Pattern> filter,
    boolean textReadouts,
    Optional<Buckets> buckets,
    Type type,
    Format format,
    boolean protobuf,
    int maxNativeBuckets) {

  private static final int MAX_NATIVE_BUCKETS = 20;

  /** Shows everything. */
  public static final StatsQuery ALL = of(false, "");

  static final String BUCKETS_USAGE =
      "usage: /stats?histogram_buckets=(cumulative|disjoint|none)\n";

  /** How histograms are shown. */
  public enum Buckets {
    /** By quantiles: {@code none} or {@code summary}. */
    SUMMARY,
    CUMULATIVE,
    DISJOINT,
    DETAILED,
    /** Only in protobuf, from 1.38 on. */
    PROMETHEUS_NATIVE
  }

  /** Which stats {@code /stats} shows. */
  public enum Type {
    ALL,
    COUNTERS,
    GAUGES,
    HISTOGRAMS,
    TEXT_READOUTS
  }

  /** The form of {@code /stats}; the HTML form is not simulated. */
  public enum Format {
    TEXT,
    JSON,
    PROMETHEUS
  }

  /**
   * Reads the parameters of a query string, decoded.
   *
   * @throws IllegalArgumentException with the words that Envoy answers
   */
  public static StatsQuery of(Map<String, String> query) {
    return new StatsQuery(
        query.containsKey("usedonly"),
        pattern(query.getOrDefault("filter", "")),
        query.containsKey("text_readouts"),
        buckets(query),
        type(query),
        format(query),
        query.containsKey("prom_protobuf"),
        maxNativeBuckets(query));
  }

  /**
   * Reads the two most usual parameters; an empty filter is none.
   *
   * @throws IllegalArgumentException with the words that Envoy answers when the filter is no regex
   */
  public static StatsQuery of(boolean usedOnly, String filter) {
    return new StatsQuery(
        usedOnly,
        pattern(filter),
        false,
        Optional.empty(),
        Type.ALL,
        Format.TEXT,
        false,
        MAX_NATIVE_BUCKETS);
  }

  private static Optional<Pattern> pattern(String filter) {
    if (filter.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Pattern.compile(filter));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "Invalid re2 regex: " + e.getDescription() + ": " + e.getPattern(), e);
    }
  }

  private static Optional<Buckets> buckets(Map<String, String> query) {
    String value = query.get("histogram_buckets");
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (value) {
          case "", "none", "summary" -> Buckets.SUMMARY;
          case "cumulative" -> Buckets.CUMULATIVE;
          case "disjoint" -> Buckets.DISJOINT;
          case "detailed" -> Buckets.DETAILED;
          case "prometheusnative" -> Buckets.PROMETHEUS_NATIVE;
          default -> throw new IllegalArgumentException(BUCKETS_USAGE);
        });
  }

  /** The words of the refusal are ours. */
  private static int maxNativeBuckets(Map<String, String> query) {
    String value = query.get("native_histogram_max_buckets");
    if (value == null) {
      return MAX_NATIVE_BUCKETS;
    }
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException("invalid &native_histogram_max_buckets= param");
    }
    return Integer.parseInt(value);
  }

  private static Type type(Map<String, String> query) {
    return switch (query.getOrDefault("type", "All")) {
      case "All" -> Type.ALL;
      case "Counters" -> Type.COUNTERS;
      case "Gauges" -> Type.GAUGES;
      case "Histograms" -> Type.HISTOGRAMS;
      case "TextReadouts" -> Type.TEXT_READOUTS;
      default -> throw new IllegalArgumentException("invalid &type= param");
    };
  }

  private static Format format(Map<String, String> query) {
    return switch (query.getOrDefault("format", "text")) {
      case "text" -> Format.TEXT;
      case "json" -> Format.JSON;
      case "prometheus" -> Format.PROMETHEUS;
      default ->
          throw new IllegalArgumentException(
              "usage: /stats?format=(html|json|prometheus|text)\n\n");
    };
  }

  boolean shows(StatName name, boolean used) {
    return (used || !usedOnly)
        && filter.map(p -> p.matcher(name.bytes().toByteArray()).find()).orElse(true);
  }

  boolean shows(Type wanted) {
    return type == Type.ALL || type == wanted;
  }
}
