package dev.nametag.hostsim.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected: Envoy test/common/stats/tag_extractor_impl_test.cc, DefaultTagExtractors. */
class BuiltInTagsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "listener.127.0.0.1_0.ssl.ciphers.AES256-SHA, listener.ssl.ciphers,"
        + " ssl_cipher=AES256-SHA listener_address=127.0.0.1_0",
    "listener.[2001_0db8_85a3_0000_0000_8a2e_0370_7334]_3543.ssl.ciphers.AES256-SHA,"
        + " listener.ssl.ciphers, ssl_cipher=AES256-SHA"
        + " listener_address=[2001_0db8_85a3_0000_0000_8a2e_0370_7334]_3543",
    "listener.prefix.notmatching.ssl.ciphers.AES256-SHA, listener.notmatching.ssl.ciphers,"
        + " ssl_cipher=AES256-SHA listener_address=prefix",
    "listener.admin.ssl.ciphers.AES256-SHA, listener.admin.ssl.ciphers, ssl_cipher=AES256-SHA",
    "mongo.mongo_filter.op_reply, mongo.op_reply, mongo_prefix=mongo_filter",
    "mongo.mongo_filter.cmd.foo_cmd.reply_size, mongo.cmd.reply_size,"
        + " mongo_cmd=foo_cmd mongo_prefix=mongo_filter",
    "mongo.mongo_filter.collection.bar_collection.query.multi_get,"
        + " mongo.collection.query.multi_get,"
        + " mongo_collection=bar_collection mongo_prefix=mongo_filter",
    "mongo.f.collection.bar.callsite.baz.query.scatter_get,"
        + " mongo.collection.callsite.query.scatter_get,"
        + " mongo_callsite=baz mongo_collection=bar mongo_prefix=f",
    "ratelimit.foo_ratelimiter.over_limit, ratelimit.over_limit,"
        + " ratelimit_prefix=foo_ratelimiter",
    "foo.http_local_rate_limit.ok, http_local_rate_limit.ok, local_http_ratelimit_prefix=foo",
    "local_rate_limit.foo.rate_limited, local_rate_limit.rate_limited,"
        + " local_network_ratelimit_prefix=foo",
    "http.e.downstream_cx_total, http.downstream_cx_total, http_conn_manager_prefix=e",
    "http.e.dynamodb.operation.Query.upstream_rq_time, http.dynamodb.operation.upstream_rq_time,"
        + " dynamo_operation=Query http_conn_manager_prefix=e",
    "http.e.dynamodb.table.bar_table.upstream_rq_time, http.dynamodb.table.upstream_rq_time,"
        + " dynamo_table=bar_table http_conn_manager_prefix=e",
    "http.e.dynamodb.table.t.capacity.Query.__partition_id=ABC1234, http.dynamodb.table.capacity,"
        + " dynamo_partition_id=ABC1234 dynamo_operation=Query dynamo_table=t"
        + " http_conn_manager_prefix=e",
    "cluster.c.grpc.s.m.success, cluster.grpc.success,"
        + " grpc_bridge_method=m grpc_bridge_service=s cluster_name=c",
    "vhost.v.vcluster.c.upstream_rq_2xx, vhost.vcluster.upstream_rq_xx,"
        + " response_code_class=2 virtual_cluster=c virtual_host=v",
    "listener.127.0.0.1_3012.http.p.downstream_rq_5xx, listener.http.downstream_rq_xx,"
        + " response_code_class=5 http_conn_manager_prefix=p listener_address=127.0.0.1_3012",
    "http.e.user_agent.ios.downstream_cx_total, http.user_agent.downstream_cx_total,"
        + " http_user_agent=ios http_conn_manager_prefix=e",
    "auth.clientssl.p.auth_ip_allowlist, auth.clientssl.auth_ip_allowlist, clientssl_prefix=p",
    "tcp.p.x_total, tcp.x_total, tcp_prefix=p",
    "udp.p.x_total, udp.x_total, udp_prefix=p",
    "http.f.fault.c.aborts_injected, http.fault.aborts_injected,"
        + " fault_downstream_cluster=c http_conn_manager_prefix=f",
    "http.r.rds.agg/route_config.1-23.update_success, http.rds.update_success,"
        + " rds_route_config=agg/route_config.1-23 http_conn_manager_prefix=r",
    "http.s.scoped_rds.scoped_route_config.123.update_success, http.scoped_rds.update_success,"
        + " scoped_rds_config=scoped_route_config.123 http_conn_manager_prefix=s",
    "connection_limit.p.limited_connections, connection_limit.limited_connections,"
        + " connection_limit_prefix=p",
    "listener_manager.worker_123.dispatcher.loop_duration_us,"
        + " listener_manager.worker_dispatcher.loop_duration_us, worker_id=123",
    "listener.127.0.0.1_3012.worker_123.downstream_cx_active,"
        + " listener.worker_downstream_cx_active, worker_id=123 listener_address=127.0.0.1_3012",
    "server.worker_123.watchdog_miss, server.worker_watchdog_miss, worker_id=123",
    "thrift.p.response, thrift.response, thrift_prefix=p",
    "redis.p.response, redis.response, redis_prefix=p",
    "dns_filter.p.local_a_record_answers, dns_filter.local_a_record_answers, dns_filter_prefix=p",
    "my_rbac_prefix.rbac.allowed, rbac.allowed, rbac_prefix=my_rbac_prefix",
    "http.h.ext_authz.authpfx.denied, http.ext_authz.denied,"
        + " ext_authz_prefix=authpfx http_conn_manager_prefix=h",
    "cluster.c.ext_authz.authpfx.ok, cluster.ext_authz.ok,"
        + " cluster_name=c ext_authz_prefix=authpfx",
  })
  void tagsAreFound(String name, String family, String tags) {
    TaggedName tagged = TagSet.ENVOY.extract(new StatName(ByteString.utf8(name)));

    assertThat(tagged.family().toString()).isEqualTo(family);
    assertThat(
            tagged.tags().stream()
                .map(tag -> tag.name().replace("envoy.", "") + "=" + tag.value())
                .toList())
        .containsExactlyInAnyOrder(tags.split(" "));
  }

  /** Envoy source/common/stats/tag_producer_impl.cc, addExtractorsMatching. */
  @Test
  void aTagWithoutRegexIsTheOneThatEnvoyFindsByItself() {
    TagSet tags =
        TagSet.custom(List.of(new TagSet.Specifier("envoy.http_conn_manager_prefix", "")), false);

    assertThat(described(tags, "http.a.x_rq_200")).isEqualTo("http.x_rq_200 [a]");
    assertThat(described(tags, "listener.l.http.b.x")).isEqualTo("listener.l.http.x [b]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"envoy.rbac_policy_name", "envoy.tls_certificate"})
  void aTagOfStatsThatAreNotHereIsKnown(String tagName) {
    TagSet tags = TagSet.custom(List.of(new TagSet.Specifier(tagName, "")), false);

    assertThat(described(tags, "wasmcustom.a.b")).isEqualTo("wasmcustom.a.b []");
  }

  @Test
  void aTagWithoutRegexThatEnvoyDoesNotFindByItselfIsRefused() {
    List<TagSet.Specifier> unknown = List.of(new TagSet.Specifier("test_extractor", ""));

    assertThatThrownBy(() -> TagSet.custom(unknown, true))
        .hasMessage(
            "No regex specified for tag specifier and no default regex for name: 'test_extractor'");
  }

  private static String described(TagSet tags, String name) {
    TaggedName tagged = tags.extract(new StatName(ByteString.utf8(name)));
    return tagged.family()
        + " "
        + tagged.tags().stream()
            .map(tag -> tag.value().toString())
            .collect(Collectors.joining(" ", "[", "]"));
  }
}
