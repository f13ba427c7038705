package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.engine.ExternKind;
import dev.nametag.hostsim.engine.HostFunction;
import dev.nametag.hostsim.engine.HostImport;
import dev.nametag.hostsim.engine.ModuleImport;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.engine.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every import that Envoy has for a module of one ABI version, tied to one VM.
 *
 * <p>Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::registerCallbacks, and src/v8/v8.cc,
 * V8::link.
 */
public final class HostFunctions {

  private final CallScope scope;
  private final Map<String, HostImport> functions = new HashMap<>();

  /** The functions for one VM. */
  public HostFunctions(AbiVersion version, CallScope scope) {
    this.scope = scope;
    new LogCalls(scope).register(this, version);
    new ClockCalls(scope).register(this);
    new PropertyCalls(scope).register(this);
    new HeaderCalls(scope, version).register(this);
    new BufferCalls(scope).register(this);
    new MetricCalls(scope).register(this);
    new ContextCalls(scope).register(this);
    new StreamCalls(scope).register(this, version);
    new TimerCalls(scope).register(this);
    new HttpCallCalls(scope).register(this);
    new GrpcCalls(scope).register(this);
    new SharedDataCalls(scope).register(this);
    new SharedQueueCalls(scope).register(this);
    new ForeignCalls(scope).register(this);
    new StatusCalls(scope).register(this, version);
    new WasiCalls(scope).register(this);
    environment("pthread_equal", "i32 i32 -> i32", a -> (int) a[0] == (int) a[1] ? 1 : 0);
    environment("emscripten_notify_memory_growth", "i32 -> void", a -> 0);
  }

  /**
   * The functions that the imports ask for, with Envoy's words for one that is not there.
   *
   * @throws ModuleLoadException when there is no such function, or none with that signature, or
   *     when a global is wanted
   */
  public List<HostImport> link(List<ModuleImport> imports) {
    List<HostImport> linked = new ArrayList<>();
    for (ModuleImport wanted : imports) {
      switch (wanted.kind()) {
        case FUNCTION -> linked.add(link(wanted));
        case GLOBAL, TAG -> throw missing(wanted);
        case MEMORY, TABLE -> {
          // Made fresh by the engine.
        }
      }
    }
    return linked;
  }

  private HostImport link(ModuleImport wanted) {
    HostImport function = functions.get(wanted.qualifiedName());
    if (function == null) {
      throw missing(wanted);
    }
    if (!function.signature().equals(wanted.signature())) {
      throw new ModuleLoadException(
          "Failed to load Wasm module due to an import type mismatch: "
              + wanted.qualifiedName()
              + ", want: "
              + wanted.signature()
              + ", but host exports: "
              + function.signature());
    }
    return function;
  }

  private static ModuleLoadException missing(ModuleImport wanted) {
    String note = wanted.kind() == ExternKind.FUNCTION ? "" : " (" + wanted.kind() + ")";
    return new ModuleLoadException(
        "Failed to load Wasm module due to a missing import: " + wanted.qualifiedName() + note);
  }

  /** Adds a hostcall of the ABI; a bad address becomes INVALID_MEMORY_ACCESS. */
  void proxy(String name, String signature, Hostcall call) {
    environment(
        name,
        signature,
        arguments -> {
          if (!scope.hasCapability(name)) {
            scope.log(
                LogLevel.ERROR, "Attempted call to restricted proxy-wasm capability: " + name);
            return WasmResult.INTERNAL_FAILURE.code();
          }
          try {
            return call.call(arguments).code();
          } catch (InvalidAccessException e) {
            return WasmResult.INVALID_MEMORY_ACCESS.code();
          }
        });
  }

  /** Adds a function to both modules that WASI has had; a bad address becomes EFAULT. */
  void wasi(String name, String signature, HostFunction call) {
    HostFunction safe =
        arguments -> {
          scope.checkAllowed(name, true);
          if (!scope.hasCapability(name)) {
            scope.log(LogLevel.ERROR, "Attempted call to restricted WASI capability: " + name);
            return WasiCalls.ENOTCAPABLE;
          }
          try {
            return call.call(arguments);
          } catch (InvalidAccessException e) {
            return WasiCalls.EFAULT;
          }
        };
    add("wasi_unstable", name, signature, safe);
    add("wasi_snapshot_preview1", name, signature, safe);
  }

  private void environment(String name, String signature, HostFunction call) {
    add(
        "env",
        name,
        signature,
        arguments -> {
          scope.checkAllowed(name, false);
          return call.call(arguments);
        });
  }

  private void add(String module, String name, String signature, HostFunction call) {
    HostImport function = new HostImport(module, name, Signature.parse(signature), call);
    functions.put(function.qualifiedName(), function);
  }
}
