package dev.nametag.hostsim.stats;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which tags a host finds in the names of its stats: Envoy's {@code stats_config} with its {@code
 * stats_tags}.
 *
 * <p>Every extractor sees the original name; what they find is taken out of it together at the end.
 * Those that look at any name come before those that want a first token, otherwise they run in the
 * order of the configuration. Of two extractors with one tag name, the first that finds something
 * counts.
 *
 * <p>Source: Envoy source/common/stats/tag_producer_impl.cc.
 */
public final class TagSet {

  /** Finds nothing; not a host, but what shows a page without the effect of tags. */
  public static final TagSet NONE = new TagSet(List.of());

  /**
   * Plain Envoy, in which {@code use_all_default_tags} is on. Source: Envoy
   * source/common/config/well_known_names.cc.
   */
  public static final TagSet ENVOY = new TagSet(BuiltInTags.all());

  /** Istio without {@code extraStatTags}. */
  public static final TagSet ISTIO = istio(List.of());

  /** Envoy Gateway without {@code stats_tags} of an EnvoyProxy. */
  public static final TagSet ENVOY_GATEWAY = envoyGateway(List.of());

  private final List<TagExtractor> forAnyName = new ArrayList<>();
  private final List<TagExtractor> forOneToken = new ArrayList<>();

  private TagSet(List<TagExtractor> extractors) {
    for (TagExtractor extractor : extractors) {
      (extractor.prefixToken().isEmpty() ? forAnyName : forOneToken).add(extractor);
    }
  }

  /**
   * A member of {@code stats_tags}.
   *
   * @param tagName any text but none
   * @param regex in the syntax of {@code std::regex}; empty for the tag that Envoy finds by itself
   *     under that name, and with a fixed value
   * @param fixedValue what every stat has
   */
  public record Specifier(String tagName, String regex, Optional<String> fixedValue) {

    /** Checks. */
    public Specifier {
      if (tagName.isEmpty()) {
        throw new IllegalArgumentException("tag_name cannot be empty");
      }
      if (!regex.isEmpty() && fixedValue.isPresent()) {
        throw new IllegalArgumentException(tagName + " has both regex and fixed_value");
      }
    }

    /** A tag that is looked for in names. */
    public Specifier(String tagName, String regex) {
      this(tagName, regex, Optional.empty());
    }

    /** A tag that every stat has. */
    public static Specifier fixed(String tagName, String value) {
      return new Specifier(tagName, "", Optional.of(value));
    }

    /** Those that Envoy finds by itself can be several of one name. */
    private List<TagExtractor> extractors() {
      if (fixedValue.isPresent()) {
        return List.of(new FixedTagExtractor(tagName, fixedValue.get()));
      }
      return regex.isEmpty()
          ? BuiltInTags.named(tagName)
          : List.of(RegexTagExtractor.configured(tagName, regex));
    }
  }

  /**
   * A host with {@code stats_tags} of its own.
   *
   * @param statsTags in the order of the configuration
   * @param useAllDefaultTags whether Envoy's default tags come first
   * @throws IllegalArgumentException when a regex cannot be compiled, or is missing for a tag that
   *     Envoy does not find by itself
   */
  public static TagSet custom(List<Specifier> statsTags, boolean useAllDefaultTags) {
    List<TagExtractor> extractors = new ArrayList<>();
    if (useAllDefaultTags) {
      extractors.addAll(BuiltInTags.all());
    }
    for (Specifier specifier : statsTags) {
      extractors.addAll(specifier.extractors());
    }
    return new TagSet(extractors);
  }

  /**
   * Envoy Gateway: Envoy's default tags and its own. Source: envoyproxy/gateway
   * internal/xds/bootstrap/bootstrap.yaml.tpl and testdata/render/topology-injector-enabled.yaml.
   *
   * @param merged the {@code stats_tags} that an EnvoyProxy's bootstrap adds
   */
  public static TagSet envoyGateway(List<Specifier> merged) {
    List<Specifier> tags = new ArrayList<>(envoyGatewayTags());
    tags.addAll(merged);
    return custom(tags, true);
  }

  /** The {@code stats_tags} in the bootstrap of Envoy Gateway. */
  public static List<Specifier> envoyGatewayTags() {
    List<Specifier> tags = new ArrayList<>();
    tags.add(new Specifier("from_zone", "\\.zone(\\.(([^\\.]+)\\.))"));
    tags.add(new Specifier("to_zone", "\\.zone\\.[^\\.]+\\.(([^\\.]+)\\.)"));
    tags.add(new Specifier("socket_match_name", "^cluster(\\..+\\.(.+))\\.total_match_count$"));
    tags.add(new Specifier("priority", "circuit_breakers\\.((.+?)\\.).+"));
    return tags;
  }

  /**
   * Istio with {@code extraStatTags}. Source: istio/istio
   * tools/packaging/common/envoy_bootstrap.json, stats_config.
   *
   * @param extraStatTags become part of regular expressions as they are
   */
  public static TagSet istio(List<String> extraStatTags) {
    return custom(istioTags(extraStatTags), false);
  }

  /**
   * The {@code stats_tags} in the bootstrap of Istio.
   *
   * @param extraStatTags become part of regular expressions as they are
   */
  public static List<Specifier> istioTags(List<String> extraStatTags) {
    List<Specifier> tags = new ArrayList<>();
    tags.add(new Specifier("cluster_name", "^cluster(\\.(.+);)"));
    tags.add(
        new Specifier(
            "http_conn_manager_prefix",
            "^http\\.(((?:[_.[:digit:]\\w]*|[_\\[\\]aAbBcCdDeEfF[:digit:]\\w\\:]*));\\.)"));
    tags.add(new Specifier("thread_name", "^server(\\.(.+))\\.watchdog"));
    tags.add(new Specifier("tcp_prefix", "^tcp\\.((.*?)\\.)\\w+?$"));
    tags.add(new Specifier("response_code", "_rq(_(\\d{3}))$"));
    tags.add(new Specifier("response_code_class", "_rq(_(\\dxx))$"));
    tags.add(
        new Specifier(
            "http_conn_manager_listener_prefix",
            "^listener(?=\\.).*?\\.http\\."
                + "(((?:[_.[:digit:]]*|[_\\[\\]aAbBcCdDeEfF[:digit:]]*))\\.)"));
    tags.add(
        new Specifier(
            "listener_address",
            "^listener\\.(((?:[_.[:digit:]]*|[_\\[\\]aAbBcCdDeEfF[:digit:]]*))\\.)"));
    tags.add(
        new Specifier(
            "mongo_prefix", "^mongo\\.(.+?)\\.(collection|cmd|cx_|op_|delays_|decoding_)(.*?)$"));
    for (String tag : extraStatTags) {
      tags.add(new Specifier(tag, "(" + tag + "=\\.=(.*?);\\.;)"));
    }
    tags.add(new Specifier("cache", "(cache\\.(.+?)\\.)"));
    tags.add(new Specifier("component", "(component\\.(.+?)\\.)"));
    tags.add(new Specifier("tag", "(tag\\.(.+?);\\.)"));
    tags.add(new Specifier("wasm_filter", "(wasm_filter\\.(.+?)\\.)"));
    tags.add(new Specifier("authz_enforce_result", "rbac(\\.(allowed|denied))"));
    tags.add(new Specifier("authz_dry_run_action", "(\\.istio_dry_run_(allow|deny)_)"));
    tags.add(new Specifier("authz_dry_run_result", "(\\.shadow_(allowed|denied))"));
    return tags;
  }

  /** What this host makes of a full name. */
  public TaggedName extract(StatName name) {
    String text = TagExtractor.latin1(name.bytes());
    List<Tag> tags = new ArrayList<>();
    BitSet removed = new BitSet();
    Set<String> found = new HashSet<>();
    run(forAnyName, text, tags, removed, found);
    int dot = text.indexOf('.');
    if (dot >= 0 && !forOneToken.isEmpty()) {
      String token = text.substring(0, dot);
      for (TagExtractor extractor : forOneToken) {
        if (extractor.prefixToken().equals(token)) {
          run(List.of(extractor), text, tags, removed, found);
        }
      }
    }
    if (tags.isEmpty()) {
      return new TaggedName(name, tags);
    }
    return new TaggedName(new StatName(TagExtractor.bytes(without(text, removed))), tags);
  }

  private static void run(
      List<TagExtractor> extractors,
      String name,
      List<Tag> tags,
      BitSet removed,
      Set<String> found) {
    for (TagExtractor extractor : extractors) {
      if (!found.contains(extractor.tagName()) && extractor.extract(name, tags, removed)) {
        found.add(extractor.tagName());
      }
    }
  }

  private static String without(String name, BitSet removed) {
    StringBuilder left = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (!removed.get(i)) {
        left.append(name.charAt(i));
      }
    }
    return left.toString();
  }
}
