package dev.nametag.hostsim.hostcall;

import java.util.List;
import java.util.Set;

/**
 * The hostcalls that Envoy has and this host does not have yet: they can be imported, do nothing
 * and answer UNIMPLEMENTED.
 */
final class UnimplementedCalls {

  private static final Set<AbiVersion> ALL = Set.of(AbiVersion.values());
  private static final Set<AbiVersion> V0_1 = Set.of(AbiVersion.V0_1_0);
  private static final Set<AbiVersion> V0_2 = Set.of(AbiVersion.V0_2_0, AbiVersion.V0_2_1);

  private static final List<Row> TABLE =
      List.of(
          new Row("proxy_get_configuration", "i32 i32 -> i32", V0_1),
          new Row("proxy_continue_request", "void -> i32", V0_1),
          new Row("proxy_continue_response", "void -> i32", V0_1),
          new Row("proxy_clear_route_cache", "void -> i32", V0_1),
          new Row("proxy_continue_stream", "i32 -> i32", V0_2),
          new Row("proxy_close_stream", "i32 -> i32", V0_2),
          new Row("proxy_get_status", "i32 i32 i32 -> i32", ALL),
          new Row("proxy_send_local_response", "i32 i32 i32 i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_set_tick_period_milliseconds", "i32 -> i32", ALL),
          new Row("proxy_set_header_map_pairs", "i32 i32 i32 -> i32", ALL),
          new Row("proxy_set_buffer_bytes", "i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_get_shared_data", "i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_set_shared_data", "i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_register_shared_queue", "i32 i32 i32 -> i32", ALL),
          new Row("proxy_resolve_shared_queue", "i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_dequeue_shared_queue", "i32 i32 i32 -> i32", ALL),
          new Row("proxy_enqueue_shared_queue", "i32 i32 i32 -> i32", ALL),
          new Row("proxy_http_call", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_grpc_call", "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_grpc_stream", "i32 i32 i32 i32 i32 i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_grpc_send", "i32 i32 i32 i32 -> i32", ALL),
          new Row("proxy_grpc_cancel", "i32 -> i32", ALL),
          new Row("proxy_grpc_close", "i32 -> i32", ALL),
          new Row("proxy_call_foreign_function", "i32 i32 i32 i32 i32 i32 -> i32", ALL));

  private UnimplementedCalls() {}

  /** A hostcall, its signature and the versions that have it. */
  private record Row(String name, String signature, Set<AbiVersion> versions) {}

  static void register(HostFunctions functions, AbiVersion version) {
    for (Row row : TABLE) {
      if (row.versions().contains(version)) {
        functions.proxy(row.name(), row.signature(), a -> WasmResult.UNIMPLEMENTED);
      }
    }
  }
}
