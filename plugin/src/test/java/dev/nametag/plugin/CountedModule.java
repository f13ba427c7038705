package dev.nametag.plugin;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The module in an interpreter that counts instructions of WebAssembly, which no other load on the
 * machine changes. Its host knows no more than how a stream of one user ends.
 */
final class CountedModule {
  private static final int ROOT = 1;

  private final Instance instance;
  private final Map<String, byte[]> properties = new HashMap<>();
  private long instructions;
  private int context = ROOT;
  private int metrics;

  CountedModule(String configuration) {
    properties.put("response\0code_details", "via_upstream".getBytes(StandardCharsets.UTF_8));
    WasmModule module = Parser.parse(NametagModule.bytes());
    ImportValues.Builder imports = ImportValues.builder();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      FunctionImport wanted = (FunctionImport) module.importSection().getImport(i);
      FunctionType type = module.typeSection().getType(wanted.typeIndex());
      byte[] bytes = configuration.getBytes(StandardCharsets.UTF_8);
      imports.addFunction(
          new HostFunction(
              wanted.module(),
              wanted.name(),
              type,
              (caller, arguments) -> {
                long result = call(caller, wanted.name(), arguments, bytes);
                return type.returns().isEmpty() ? new long[0] : new long[] {result};
              }));
    }
    instance =
        Instance.builder(module)
            .withMachineFactory(InterpreterMachine::new)
            .withImportValues(imports.build())
            .withUnsafeExecutionListener((instruction, stack) -> instructions++)
            .withStart(false)
            .build();
    call("_start");
    call("proxy_on_context_create", ROOT, 0);
    call("proxy_on_vm_start", ROOT, 0);
    call("proxy_on_configure", ROOT, configuration.length());
  }

  /** Ends a stream of a user; returns how many instructions that took. */
  long count(String user) {
    properties.put(
        "filter_state\0wasm.kuadrant.auth.identity.userid",
        ('"' + user + '"').getBytes(StandardCharsets.UTF_8));
    long before = instructions;
    context++;
    call("proxy_on_context_create", context, ROOT);
    call("proxy_on_log", context);
    call("proxy_on_delete", context);
    return instructions - before;
  }

  /** Returns how many metrics have been defined. */
  int metrics() {
    return metrics;
  }

  /** Returns a copy of the module's memory. */
  byte[] memory() {
    return instance.memory().readBytes(0, instance.memory().pages() << 16);
  }

  private void call(String export, long... arguments) {
    long[] ignored = instance.export(export).apply(arguments);
  }

  private long call(Instance caller, String name, long[] arguments, byte[] configuration) {
    int[] at = new int[arguments.length];
    for (int i = 0; i < at.length; i++) {
      at[i] = (int) arguments[i];
    }
    return switch (name) {
      case "proxy_get_property" ->
          give(caller, properties.get(caller.memory().readString(at[0], at[1])), at[2], at[3]);
      case "proxy_get_header_map_value" ->
          give(caller, "200".getBytes(StandardCharsets.UTF_8), at[3], at[4]);
      case "proxy_get_buffer_bytes" -> give(caller, configuration, at[3], at[4]);
      case "proxy_get_shared_data", "proxy_set_shared_data" -> 12;
      case "proxy_define_metric" -> {
        metrics++;
        caller.memory().writeI32(at[3], metrics << 2);
        yield 0;
      }
      case "environ_sizes_get" -> {
        caller.memory().writeI32(at[0], 0);
        caller.memory().writeI32(at[1], 0);
        yield 0;
      }
      default -> 0;
    };
  }

  private static long give(Instance caller, byte[] value, int address, int size) {
    if (value == null) {
      return 1;
    }
    int where = (int) caller.export("proxy_on_memory_allocate").apply(value.length)[0];
    caller.memory().write(where, value);
    caller.memory().writeI32(address, where);
    caller.memory().writeI32(size, value.length);
    return 0;
  }
}
