package dev.nametag.hostsim.stats;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
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

  /** Keeps nothing: {@code reject_all}. */
  public static final StatsMatcher NONE = new StatsMatcher(true, List.of());

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
   *
   * @param ignoreCase whether A to Z match a to z; without effect on a regex
   */
  public record Match(Kind kind, String value, boolean ignoreCase) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException with Envoy's words for what is no regex in the syntax of RE2
     */
    public Match {
      if (kind == Kind.REGEX) {
        try {
          Pattern.compile(value);
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "Invalid re2 regex: " + e.getDescription() + ": " + e.getPattern(), e);
        }
      }
    }

    /** One for which A is not a. */
    public Match(Kind kind, String value) {
      this(kind, value, false);
    }

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
      String text = inCase(TagExtractor.latin1(name.bytes()));
      String wanted = inCase(TagExtractor.utf8InLatin1(value));
      return switch (kind) {
        case EXACT -> text.equals(wanted);
        case PREFIX -> text.startsWith(wanted);
        case SUFFIX -> text.endsWith(wanted);
        case CONTAINS -> text.contains(wanted);
        case REGEX -> Pattern.compile(value).matcher(name.bytes().toByteArray()).matches();
      };
    }

    private String inCase(String latin1) {
      return ignoreCase
          ? TagExtractor.latin1(TagExtractor.bytes(latin1).toLowerCaseAscii())
          : latin1;
    }
  }
}
