package dev.nametag.hostsim.stats;

import java.util.List;
import java.util.Set;

/**
 * The tags that Envoy finds in names by itself.
 *
 * <p>Source: Envoy source/common/config/well_known_names.cc. Of those that only look at names which
 * begin with the first token of some stat of Envoy's own, a few are known by name alone: there are
 * no such stats here.
 */
final class BuiltInTags {

  private static final String VALUE = "[^\\.]+";
  private static final String CIPHER = "[\\w\\-]+";
  private static final String CONFIG = "[\\w\\-\\./]+";
  private static final String ADDRESS =
      "(?:(?:\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[[a-fA-F_\\d]+\\])_\\d+)";
  private static final String SSL = "^(?:listener|cluster)\\..*?\\.ssl\\.";

  private static final Set<String> KNOWN_BY_NAME =
      Set.of(
          "envoy.google_grpc_client_prefix",
          "envoy.proxy_protocol_prefix",
          "envoy.proxy_protocol_version",
          "envoy.rbac_http_prefix",
          "envoy.rbac_policy_name",
          "envoy.tls_certificate",
          "envoy.xds_resource_name");

  private static final List<TagExtractor> ALL =
      List.of(
          regex("envoy.response_code", "_rq(_(\\d{3}))$"),
          regex("envoy.response_code_class", "_rq_((\\d))xx$"),
          regex(
              "envoy.dynamo_partition_id",
              ("^http\\." + VALUE + "\\.dynamodb\\.table\\." + VALUE + "\\.capacity\\." + VALUE)
                  + "(\\.__partition_id=(\\w{7}))$"),
          regex(
              "envoy.dynamo_operation",
              ("^http\\." + VALUE + "\\.dynamodb.(?:operation|table\\." + VALUE + "\\.capacity)")
                  + ("(\\.(" + VALUE + "))(?:\\.|$)")),
          regex(
              "envoy.dynamo_table",
              "^http\\." + VALUE + "\\.dynamodb.(?:table|error)\\.((" + VALUE + ")\\.)"),
          regex("envoy.ssl_cipher", "^listener\\..*?\\.ssl\\.ciphers(\\.(" + CIPHER + "))$"),
          regex("envoy.ssl_curve", SSL + "curves(\\.(" + CIPHER + "))$"),
          regex("envoy.ssl_sigalg", SSL + "sigalgs(\\.(" + CIPHER + "))$"),
          regex("envoy.ssl_version", SSL + "versions(\\.(TLSv\\d\\.\\d))$"),
          regex("cipher_suite", "^cluster\\." + VALUE + "\\.ssl\\.ciphers(\\.(" + CIPHER + "))$"),
          regex("envoy.http_conn_manager_prefix", "^listener\\..*?\\.http\\.((" + VALUE + ")\\.)"),
          regex(
              "envoy.worker_id",
              ("^(?:listener\\.(?:" + ADDRESS + "|" + VALUE + ")\\.|server\\.|listener_manager\\.)")
                  + "worker_((\\d+)\\.)"),
          RegexTagExtractor.builtIn(
              "envoy.listener_address",
              "^listener\\.((" + ADDRESS + "|" + VALUE + ")\\.)",
              "admin"),
          regex(
              "envoy.rds_route_config",
              "^http\\." + VALUE + "\\.rds\\.((" + CONFIG + ")\\.)\\w+?$"),
          regex(
              "envoy.scoped_rds_config",
              "^http\\." + VALUE + "\\.scoped_rds\\.((" + CONFIG + ")\\.)\\w+?$"),
          tokens("envoy.mongo_callsite", "mongo.*.collection.*.callsite.$.query.**"),
          tokens("envoy.mongo_collection", "mongo.*.collection.$.**.query.*"),
          tokens("envoy.mongo_cmd", "mongo.*.cmd.$.**"),
          tokens("envoy.grpc_bridge_method", "cluster.*.grpc.*.$.**"),
          tokens("envoy.http_user_agent", "http.*.user_agent.$.**"),
          tokens("envoy.virtual_cluster", "vhost.*.vcluster.$.**"),
          tokens("envoy.fault_downstream_cluster", "http.*.fault.$.**"),
          tokens("envoy.grpc_bridge_service", "cluster.*.grpc.$.**"),
          tokens("envoy.tcp_prefix", "tcp.$.**"),
          tokens("envoy.udp_prefix", "udp.$.**"),
          tokens("envoy.clientssl_prefix", "auth.clientssl.$.**"),
          tokens("envoy.ratelimit_prefix", "ratelimit.$.**"),
          tokens("envoy.cluster_name", "cluster.$.**"),
          tokens("envoy.ext_authz_prefix", "cluster.*.ext_authz.$.**"),
          tokens("envoy.ext_authz_prefix", "http.*.ext_authz.$.**"),
          tokens("envoy.http_conn_manager_prefix", "http.$.**"),
          tokens("envoy.virtual_host", "vhost.$.**"),
          tokens("envoy.mongo_prefix", "mongo.$.**"),
          tokens("envoy.route", "vhost.*.route.$.**"),
          tokens("envoy.thrift_prefix", "thrift.$.**"),
          tokens("envoy.redis_prefix", "redis.$.**"),
          tokens("envoy.local_http_ratelimit_prefix", "$.http_local_rate_limit.**"),
          tokens("envoy.local_network_ratelimit_prefix", "local_rate_limit.$.**"),
          tokens("envoy.local_listener_ratelimit_prefix", "listener_local_ratelimit.$.**"),
          tokens("envoy.dns_filter_prefix", "dns_filter.$.**"),
          tokens("envoy.connection_limit_prefix", "connection_limit.$.**"),
          tokens("envoy.rbac_prefix", "$.rbac.**"));

  private BuiltInTags() {}

  /** All of them, regular expressions first, as addDefaultExtractors adds them. */
  static List<TagExtractor> all() {
    return ALL;
  }

  /**
   * Those of that tag.
   *
   * @throws IllegalArgumentException with Envoy's words when there is no such tag
   */
  static List<TagExtractor> named(String tagName) {
    List<TagExtractor> found =
        ALL.stream().filter(extractor -> extractor.tagName().equals(tagName)).toList();
    if (found.isEmpty() && !KNOWN_BY_NAME.contains(tagName)) {
      throw new IllegalArgumentException(
          "No regex specified for tag specifier and no default regex for name: '" + tagName + "'");
    }
    return found;
  }

  private static TagExtractor regex(String tagName, String regex) {
    return RegexTagExtractor.builtIn(tagName, regex);
  }

  private static TagExtractor tokens(String tagName, String pattern) {
    return new TokenTagExtractor(tagName, pattern);
  }
}
