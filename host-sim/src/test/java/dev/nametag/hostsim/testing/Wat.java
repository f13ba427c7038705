package dev.nametag.hostsim.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Guests in WebAssembly's text format. Written by a test are the functions of the module; added are
 * the imports that they call by {@code $proxy_name}, a memory, an allocator, the marker of ABI
 * 0.2.1 unless there is one, {@code $report}, which sets a gauge, and, for each text between « and
 * », its address and size.
 */
public final class Wat {

  private static final Map<String, String> IMPORTS = new TreeMap<>();
  private static final Pattern TEXT = Pattern.compile("«([^»]*)»");

  private static final Pattern ESCAPE = Pattern.compile("\\\\[0-9a-f]{2}");

  static {
    add(1, "proxy_get_log_level", "proxy_set_tick_period_milliseconds", "proxy_continue_stream");
    add(1, "proxy_close_stream", "proxy_set_effective_context", "proxy_grpc_cancel");
    add(1, "proxy_grpc_close", "proxy_get_current_time_nanoseconds");
    add(0, "proxy_done", "proxy_continue_request", "proxy_continue_response");
    add(0, "proxy_clear_route_cache");
    add(2, "proxy_get_header_map_size", "proxy_get_metric", "proxy_get_configuration");
    add(3, "proxy_log", "proxy_get_status", "proxy_set_header_map_pairs", "envoy_resolve_dns");
    add(3, "proxy_get_header_map_pairs", "proxy_remove_header_map_value");
    add(3, "proxy_get_buffer_status", "proxy_register_shared_queue", "proxy_dequeue_shared_queue");
    add(3, "proxy_enqueue_shared_queue");
    add(4, "proxy_define_metric", "proxy_get_property", "proxy_set_property", "proxy_grpc_send");
    add(5, "proxy_get_header_map_value", "proxy_add_header_map_value", "proxy_get_buffer_bytes");
    add(5, "proxy_replace_header_map_value", "proxy_set_buffer_bytes", "proxy_get_shared_data");
    add(5, "proxy_set_shared_data", "proxy_resolve_shared_queue");
    add(6, "proxy_call_foreign_function");
    add(8, "proxy_send_local_response");
    add(9, "proxy_grpc_stream");
    add(10, "proxy_http_call");
    add(12, "proxy_grpc_call");
    IMPORTS.put("proxy_increment_metric", "(param i32 i64) (result i32)");
    IMPORTS.put("proxy_record_metric", "(param i32 i64) (result i32)");
  }

  private static final String REPORT =
      """
      (func $report (param i32 i32 i32)
        (drop (call $proxy_define_metric (i32.const 1) (local.get 0) (local.get 1) (i32.const 8)))
        (drop (call $proxy_record_metric (i32.load (i32.const 8))
          (i64.extend_i32_s (local.get 2)))))
      """;

  private static final String ALLOCATOR =
      """
      (global $next (mut i32) (i32.const 16384))
      (func (export "proxy_on_memory_allocate") (param i32) (result i32)
        (local i32)
        (local.set 1 (global.get $next))
        (global.set $next (i32.add (global.get $next) (local.get 0)))
        (local.get 1))
      """;

  private Wat() {}

  private static void add(int parameters, String... names) {
    for (String name : names) {
      IMPORTS.put(
          name,
          (parameters == 0 ? "" : "(param" + " i32".repeat(parameters) + ") ") + "(result i32)");
    }
  }

  /** A module with these functions. */
  public static byte[] guest(String functions) {
    StringBuilder data = new StringBuilder();
    StringBuilder code = new StringBuilder();
    int address = 1024;
    Matcher text = TEXT.matcher(functions + REPORT);
    while (text.find()) {
      int size = ESCAPE.matcher(text.group(1)).replaceAll("x").getBytes(UTF_8).length;
      data.append("(data (i32.const ").append(address).append(") \"");
      data.append(text.group(1)).append("\")\n");
      text.appendReplacement(code, "(i32.const " + address + ") (i32.const " + size + ")");
      address += size;
    }
    text.appendTail(code);
    StringBuilder module = new StringBuilder("(module\n");
    IMPORTS.forEach(
        (name, signature) -> {
          if (Pattern.compile("\\$" + name + "(?![a-z_])").matcher(code).find()) {
            module.append("(import \"env\" \"").append(name).append("\" (func $").append(name);
            module.append(" ").append(signature).append("))\n");
          }
        });
    module.append("(memory (export \"memory\") 2)\n").append(data);
    if (!functions.contains("proxy_abi_version")) {
      module.append("(func (export \"proxy_abi_version_0_2_1\"))\n");
    }
    if (!functions.contains("proxy_on_memory_allocate")) {
      module.append(ALLOCATOR);
    }
    return Wat2Wasm.parse(module.append(code).append(")").toString());
  }

  /** The size of a text and of what else Pairs has of one header, as text of WAT's data. */
  public static String pairs(String... namesAndValues) {
    StringBuilder pairs = new StringBuilder(u32(namesAndValues.length / 2));
    for (String part : namesAndValues) {
      pairs.append(u32(part.length()));
    }
    for (String part : namesAndValues) {
      pairs.append(part).append("\\00");
    }
    return pairs.toString();
  }

  private static String u32(int value) {
    return String.format("\\%02x\\%02x\\00\\00", value & 0xff, value >> 8);
  }
}
