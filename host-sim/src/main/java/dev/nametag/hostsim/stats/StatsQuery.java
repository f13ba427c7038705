package dev.nametag.hostsim.stats;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * Which stats a page shows. Source: Envoy source/server/admin/stats_params.cc, StatsParams::parse.
 *
 * @param usedOnly only those that were written to
 * @param filter only those of which some part of the full name matches, before the namespace is
 *     dropped
 */
public record StatsQuery(boolean usedOnly, Optional<Pattern> filter) {

  /** Shows everything. */
  public static final StatsQuery ALL = new StatsQuery(false, Optional.empty());

  /**
   * Reads the parameters as they are in a query string, decoded; an empty filter is none.
   *
   * @throws IllegalArgumentException with the words that Envoy answers when the filter is no regex
   */
  public static StatsQuery of(boolean usedOnly, String filter) {
    if (filter.isEmpty()) {
      return new StatsQuery(usedOnly, Optional.empty());
    }
    try {
      return new StatsQuery(usedOnly, Optional.of(Pattern.compile(filter)));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "Invalid re2 regex: " + e.getDescription() + ": " + e.getPattern(), e);
    }
  }

  boolean shows(StatName name, boolean used) {
    return (used || !usedOnly)
        && filter.map(p -> p.matcher(name.bytes().toByteArray()).find()).orElse(true);
  }
}
