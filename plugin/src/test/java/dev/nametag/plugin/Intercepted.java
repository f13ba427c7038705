package dev.nametag.plugin;

import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.HostFunction;
import dev.nametag.hostsim.engine.HostImport;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleExport;
import dev.nametag.hostsim.engine.ModuleImport;
import java.util.ArrayList;
import java.util.List;

/** An engine that shows its instances and lets a test answer hostcalls in the host's place. */
final class Intercepted implements EngineKind {
  private final EngineKind engine;
  private final Host host;

  /** All instances so far, those of the canary and the main thread among them. */
  final List<Instance> instances = new ArrayList<>();

  /** Answers hostcalls, or passes them on to the real host. */
  @FunctionalInterface
  interface Host {
    /** Returns the result of a hostcall. */
    long call(String name, long[] arguments, HostFunction real);

    /** Passes everything on. */
    static Host real() {
      return (name, arguments, function) -> function.call(arguments);
    }
  }

  Intercepted(EngineKind engine, Host host) {
    this.engine = engine;
    this.host = host;
  }

  /** Returns the pages of 64 KiB that the largest memory of all instances has. */
  long memoryPages() {
    return instances.stream().mapToLong(instance -> instance.memory().size()).max().orElse(0)
        / 65_536;
  }

  @Override
  public LoadedModule load(byte[] bytes) {
    LoadedModule module = Engine.load(bytes, engine);
    return new LoadedModule() {
      @Override
      public List<ModuleImport> imports() {
        return module.imports();
      }

      @Override
      public List<ModuleExport> exports() {
        return module.exports();
      }

      @Override
      public Instance instantiate(List<HostImport> functions) {
        return kept(module.instantiate(intercepted(functions)));
      }

      @Override
      public Instance instantiate(List<HostImport> functions, int maxMemoryPages) {
        return kept(module.instantiate(intercepted(functions), maxMemoryPages));
      }

      @Override
      public void close() {
        module.close();
      }
    };
  }

  private Instance kept(Instance instance) {
    instances.add(instance);
    return instance;
  }

  private List<HostImport> intercepted(List<HostImport> functions) {
    return functions.stream()
        .map(
            each ->
                new HostImport(
                    each.module(),
                    each.name(),
                    each.signature(),
                    arguments -> host.call(each.name(), arguments, each.function())))
        .toList();
  }
}
