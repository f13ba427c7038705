package dev.nametag.hostsim.stats;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * Which stats are kept; the others are swallowed without a word. Full names are matched, before
 * tags are found in them. Source: Envoy source/common/stats/stats_matcher_impl.cc.
 *
 * @param inclusion whether the patterns name those that are kept, or those that are not
 */
public record StatsMatcher(boolean inclusion, List<Match> patterns) {

  /** Keeps all. */
  public static final StatsMatcher ALL = new StatsMatcher(false, List.of());

  /**
   * What Istio always keeps. Source: istio/istio pkg/bootstrap/config.go,
   * requiredEnvoyStatsMatcherInclusionPrefixes and its siblings.
   */
  public static final StatsMatcher ISTIO =
      new StatsMatcher(
          true,
          List.of(
              Match.prefix("reporter="),
              Match.prefix("cluster_manager"),
              Match.prefix("listener_manager"),
              Match.prefix("server"),
              Match.prefix("cluster.xds-grpc"),
              Match.prefix("wasm"),
              Match.prefix("component"),
              Match.prefix("istio"),
              Match.suffix("rbac.allowed"),
              Match.suffix("rbac.denied"),
              Match.suffix("shadow_allowed"),
              Match.suffix("shadow_denied"),
              Match.regex("vhost\\..*\\.route\\..*")));

  /** Copies. */
  public StatsMatcher {
    patterns = List.copyOf(patterns);
  }

  /** Keeps those that one of the patterns matches. */
  public static StatsMatcher including(Match... patterns) {
    return new StatsMatcher(true, List.of(patterns));
  }

  /** Keeps those that none of the patterns matches. */
  public static StatsMatcher excluding(Match... patterns) {
    return new StatsMatcher(false, List.of(patterns));
  }

  boolean keeps(StatName name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name)) == inclusion;
  }

  /**
   * A pattern of a full name: Envoy's StringMatcher. Source: Envoy
   * api/envoy/type/matcher/v3/string.proto.
   */
  public record Match(Kind kind, String value) {

    /** How the value is compared. */
    public enum Kind {
      EXACT,
      PREFIX,
      SUFFIX,
      CONTAINS,
      /** The whole name must match, in the syntax of RE2. */
      REGEX
    }

    /** Names that are this. */
    public static Match exact(String value) {
      return new Match(Kind.EXACT, value);
    }

    /** Names that begin with this. */
    public static Match prefix(String value) {
      return new Match(Kind.PREFIX, value);
    }

    /** Names that end with this. */
    public static Match suffix(String value) {
      return new Match(Kind.SUFFIX, value);
    }

    /** Names in which this occurs. */
    public static Match contains(String value) {
      return new Match(Kind.CONTAINS, value);
    }

    /** Names that match this from end to end. */
    public static Match regex(String value) {
      return new Match(Kind.REGEX, value);
    }

    boolean matches(StatName name) {
      String text = TagExtractor.latin1(name.bytes());
      String wanted = TagExtractor.utf8InLatin1(value);
      return switch (kind) {
        case EXACT -> text.equals(wanted);
        case PREFIX -> text.startsWith(wanted);
        case SUFFIX -> text.endsWith(wanted);
        case CONTAINS -> text.contains(wanted);
        case REGEX -> Pattern.compile(value).matcher(name.bytes().toByteArray()).matches();
      };
    }
  }
}
