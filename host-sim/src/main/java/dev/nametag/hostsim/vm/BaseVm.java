package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.engine.Deadline;
import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.ExternKind;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleExport;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.hostcall.AbiVersion;
import dev.nametag.hostsim.hostcall.CallScope;
import dev.nametag.hostsim.time.EventLoop;
import java.util.List;
import java.util.Optional;

/**
 * A module that can be loaded, from which VMs are made.
 *
 * <p>Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::load, WasmBase::getFunctions and
 * WasmHandleBase::canary; the words of the exceptions are from there.
 */
public final class BaseVm {

  private static final Signature START = Signature.parse("void -> void");
  private static final Signature MAIN = Signature.parse("i32 i32 -> i32");
  private static final Signature MAIN_VOID = Signature.parse("void -> i32");
  private static final Signature MALLOC = Signature.parse("i32 -> i32");

  private final LoadedModule module;
  private final AbiVersion version;
  private final CallScope.Settings calls;
  private final VmResources resources;

  private BaseVm(
      LoadedModule module, AbiVersion version, CallScope.Settings calls, VmResources resources) {
    this.module = module;
    this.version = version;
    this.calls = calls;
    this.resources = resources;
  }

  /**
   * Loads a module and starts one VM of it, in which no plugin comes up.
   *
   * @throws ModuleLoadException when the module cannot be loaded or does not start
   */
  public static BaseVm load(
      byte[] bytes, EngineKind engine, CallScope.Settings calls, VmResources resources) {
    LoadedModule module = Engine.load(bytes, engine);
    AbiVersion version = version(module.exports());
    checkExports(module.exports(), version);
    BaseVm base = new BaseVm(module, version, calls, resources);
    base.newVm();
    return base;
  }

  /**
   * Tries a plugin on a VM of its own, which is then thrown away without {@code proxy_on_done} and
   * {@code proxy_on_delete}.
   *
   * @throws ModuleLoadException when that VM does not start
   * @throws ConfigurationRejectedException when the module refuses the configuration or fails
   */
  public void canary(PluginSettings plugin) {
    newVm().start(plugin);
  }

  /** A VM that does not live long enough to do anything later. */
  private WasmVm newVm() {
    return newVm(new EventLoop(calls.clock()), new Deadline(resources.deadline()));
  }

  /**
   * A VM that has been initialised and not configured.
   *
   * @param loop what the thread of the VM has to do
   * @param deadline of the calls in that thread
   * @throws ModuleLoadException when it does not start
   */
  WasmVm newVm(EventLoop loop, Deadline deadline) {
    return new WasmVm(module, version, calls, resources, loop, deadline);
  }

  CallScope.Settings calls() {
    return calls;
  }

  VmResources resources() {
    return resources;
  }

  private static AbiVersion version(List<ModuleExport> exports) {
    for (ModuleExport export : exports) {
      for (AbiVersion version : AbiVersion.values()) {
        if (export.kind() == ExternKind.FUNCTION && export.name().equals(version.marker())) {
          return version;
        }
      }
    }
    throw new ModuleLoadException("Missing or unknown Proxy-Wasm ABI version");
  }

  private static void checkExports(List<ModuleExport> exports, AbiVersion version) {
    if (find(exports, "malloc").or(() -> find(exports, "proxy_on_memory_allocate")).isEmpty()) {
      throw new ModuleLoadException("Wasm module is missing malloc function.");
    }
    checkSignature(exports, "malloc", MALLOC);
    checkSignature(exports, "proxy_on_memory_allocate", MALLOC);
    checkSignature(exports, "_initialize", START);
    if (find(exports, "_initialize").isPresent()) {
      checkSignature(exports, "main", MAIN);
      checkSignature(exports, "__main_void", MAIN_VOID);
    } else {
      checkSignature(exports, "_start", START);
    }
    for (Callback callback : Callback.values()) {
      checkSignature(exports, callback.export(), callback.signature(version));
    }
  }

  private static void checkSignature(List<ModuleExport> exports, String name, Signature wanted) {
    find(exports, name)
        .filter(export -> !export.signature().equals(wanted))
        .ifPresent(
            export -> {
              throw new ModuleLoadException(
                  "Bad function signature for: "
                      + name
                      + ", want: "
                      + wanted
                      + ", but the module exports: "
                      + export.signature());
            });
  }

  private static Optional<ModuleExport> find(List<ModuleExport> exports, String name) {
    return exports.stream()
        .filter(export -> export.kind() == ExternKind.FUNCTION && export.name().equals(name))
        .findFirst();
  }
}
