package dev.nametag.cli.gateway;

import dev.nametag.hostsim.stats.HistogramBuckets;
import dev.nametag.hostsim.stats.StatsMatcher;
import dev.nametag.hostsim.stats.StatsMatcher.Match;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.hostsim.stats.TagSet.Specifier;
import dev.nametag.naming.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what Envoy's bootstrap says about stats. Source: Envoy
 * api/envoy/config/metrics/v3/stats.proto, api/envoy/type/matcher/v3/string.proto, and for the
 * flush api/envoy/config/bootstrap/v3/bootstrap.proto.
 */
final class StatsReader {
  private static final Duration DEFAULT_FLUSH = Duration.ofSeconds(5);
  private static final Duration LEAST_FLUSH = Duration.ofMillis(1);
  private static final Duration FLUSH_BOUND = Duration.ofMinutes(5);
  private static final Set<String> TEXT_MATCHES = Set.of("exact", "prefix", "suffix", "contains");

  private final List<Problem> problems;

  private StatsReader(List<Problem> problems) {
    this.problems = problems;
  }

  static StatsConfig read(Fields root, List<Problem> problems) {
    return new StatsReader(problems).read(root);
  }

  private StatsConfig read(Fields root) {
    Fields fields = root.map("stats_config");
    StatsConfig config =
        new StatsConfig(
            fields.has("use_all_default_tags")
                ? Optional.of(fields.flag("use_all_default_tags", true))
                : Optional.empty(),
            fields.list("stats_tags", this::tag),
            fields.has("stats_matcher") ? matcher(fields.map("stats_matcher")) : Optional.empty(),
            fields.list("histogram_bucket_settings", this::buckets),
            flushInterval(root));
    fields.done();
    return config;
  }

  /** Looking flushes instead if {@code stats_flush_on_admin} says so, and then only that does. */
  private static Optional<Duration> flushInterval(Fields root) {
    Optional<Duration> interval = root.duration("stats_flush_interval");
    if (interval
        .filter(time -> time.compareTo(LEAST_FLUSH) < 0 || time.compareTo(FLUSH_BOUND) >= 0)
        .isPresent()) {
      root.problem("stats_flush_interval", "expected a time from 1ms to below 5m");
      return Optional.empty();
    }
    return root.flag("stats_flush_on_admin", false)
        ? Optional.empty()
        : Optional.of(interval.orElse(DEFAULT_FLUSH));
  }

  private Optional<Specifier> tag(Object item, String path) {
    Fields fields = Fields.of(item, path, problems);
    Optional<String> name = fields.text("tag_name");
    Optional<String> regex = fields.text("regex");
    Optional<String> fixed = fields.text("fixed_value");
    fields.done();
    if (name.filter(text -> !text.isEmpty()).isEmpty()) {
      fields.problem("tag_name", "expected a text that is not empty");
      return Optional.empty();
    }
    if (regex.isPresent() && fixed.isPresent()) {
      fields.problem("", "expected one of regex, fixed_value");
      return Optional.empty();
    }
    try {
      Specifier specifier = new Specifier(name.get(), regex.orElse(""), fixed);
      TagSet.custom(List.of(specifier), false);
      return Optional.of(specifier);
    } catch (IllegalArgumentException e) {
      fields.problem("regex", e.getMessage().replaceFirst("^regex: ", ""));
      return Optional.empty();
    }
  }

  private Optional<StatsMatcher> matcher(Fields fields) {
    Set<String> kinds = new LinkedHashSet<>(fields.keys());
    kinds.retainAll(Set.of("reject_all", "inclusion_list", "exclusion_list"));
    if (kinds.size() != 1) {
      fields.problem("", "expected one of reject_all, inclusion_list, exclusion_list");
      return Optional.empty();
    }
    String kind = kinds.iterator().next();
    StatsMatcher matcher =
        kind.equals("reject_all")
            ? fields.flag(kind, true) ? StatsMatcher.NONE : StatsMatcher.ALL
            : new StatsMatcher(kind.equals("inclusion_list"), patterns(fields.map(kind)));
    fields.done();
    return Optional.of(matcher);
  }

  private List<Match> patterns(Fields list) {
    List<Match> patterns = list.list("patterns", this::match);
    if (list.keys().isEmpty()) {
      list.problem("patterns", "expected at least one");
    }
    list.done();
    return patterns;
  }

  private Optional<Match> match(Object item, String path) {
    return match(Fields.of(item, path, problems));
  }

  private static Optional<Match> match(Fields fields) {
    Set<String> kinds = new LinkedHashSet<>(fields.keys());
    kinds.removeIf(kind -> !TEXT_MATCHES.contains(kind) && !kind.equals("safe_regex"));
    if (kinds.size() != 1) {
      fields.problem("", "expected one of exact, prefix, suffix, contains, safe_regex");
      return Optional.empty();
    }
    String kind = kinds.iterator().next();
    boolean ignoreCase = fields.flag("ignore_case", false);
    Optional<Match> match =
        kind.equals("safe_regex")
            ? regex(fields.map(kind))
            : fields
                .text(kind)
                .map(value -> new Match(Match.Kind.valueOf(upper(kind)), value, ignoreCase));
    if (match.filter(each -> each.value().isEmpty() && !kind.equals("exact")).isPresent()) {
      fields.problem(kind, "expected a text that is not empty");
    }
    fields.done();
    return match;
  }

  private static Optional<Match> regex(Fields fields) {
    Optional<String> regex = fields.text("regex");
    fields.done();
    try {
      return regex.map(Match::regex);
    } catch (IllegalArgumentException e) {
      fields.problem("regex", e.getMessage());
      return Optional.empty();
    }
  }

  private static String upper(String kind) {
    return kind.toUpperCase(Locale.ROOT);
  }

  private Optional<HistogramBuckets> buckets(Object item, String path) {
    Fields fields = Fields.of(item, path, problems);
    Optional<Match> match = match(fields.map("match"));
    Set<Double> seen = new HashSet<>();
    List<Double> bounds = fields.list("buckets", (bound, where) -> bound(bound, where, seen));
    fields.done();
    return match.map(each -> new HistogramBuckets(each, bounds));
  }

  private Optional<Double> bound(Object item, String path, Set<Double> seen) {
    if (item instanceof Number number
        && number.doubleValue() > 0
        && Double.isFinite(number.doubleValue())
        && seen.add(number.doubleValue())) {
      return Optional.of(number.doubleValue());
    }
    problems.add(
        new Problem(
            path, "expected a number above 0 that is there once, found " + Fields.shown(item)));
    return Optional.empty();
  }
}
