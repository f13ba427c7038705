package dev.nametag.abi.compiler;

import java.util.Set;

/**
 * What may cross a module's border.
 *
 * <p>Imports: the hostcalls of Proxy-Wasm ABI v0.2.1, and the two WASI functions through which
 * {@code vmConfig.env} is read, which every Envoy from 1.28 on provides. An import that a host does
 * not have keeps the module from loading. Exports: the callbacks, {@code memory} and {@code
 * _start}.
 */
final class Border {
  private static final Set<String> HOSTCALLS =
      Set.of(
          "proxy_log",
          "proxy_get_log_level",
          "proxy_get_current_time_nanoseconds",
          "proxy_set_tick_period_milliseconds",
          "proxy_set_effective_context",
          "proxy_done",
          "proxy_get_property",
          "proxy_set_property",
          "proxy_get_header_map_value",
          "proxy_get_header_map_pairs",
          "proxy_get_header_map_size",
          "proxy_set_header_map_pairs",
          "proxy_add_header_map_value",
          "proxy_replace_header_map_value",
          "proxy_remove_header_map_value",
          "proxy_get_buffer_bytes",
          "proxy_get_buffer_status",
          "proxy_set_buffer_bytes",
          "proxy_continue_stream",
          "proxy_close_stream",
          "proxy_send_local_response",
          "proxy_get_status",
          "proxy_define_metric",
          "proxy_increment_metric",
          "proxy_record_metric",
          "proxy_get_metric",
          "proxy_get_shared_data",
          "proxy_set_shared_data",
          "proxy_register_shared_queue",
          "proxy_resolve_shared_queue",
          "proxy_enqueue_shared_queue",
          "proxy_dequeue_shared_queue",
          "proxy_http_call",
          "proxy_grpc_call",
          "proxy_grpc_stream",
          "proxy_grpc_send",
          "proxy_grpc_cancel",
          "proxy_grpc_close",
          "proxy_call_foreign_function");

  private static final Set<String> WASI = Set.of("environ_get", "environ_sizes_get");

  private Border() {}

  static boolean allowsImport(WasmBinary.Import wanted) {
    return wanted.kind().equals("function")
        && switch (wanted.module()) {
          case "env" -> HOSTCALLS.contains(wanted.name());
          case "wasi_snapshot_preview1" -> WASI.contains(wanted.name());
          default -> false;
        };
  }

  static boolean allowsExport(String name) {
    return name.startsWith("proxy_") || name.equals("memory") || name.equals("_start");
  }

  /** Returns whether TeaVM adds the export to every module, for its own hosts. */
  static boolean isTeaVmExport(String name) {
    return name.startsWith("teavm_") || name.equals("start");
  }
}
