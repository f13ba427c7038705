package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.engine.HostImport;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleExport;
import dev.nametag.hostsim.engine.ModuleImport;
import java.util.List;

/** A module that stays open when those who use it are done. */
record Lent(LoadedModule module) implements LoadedModule {

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
    return module.instantiate(functions);
  }

  @Override
  public Instance instantiate(List<HostImport> functions, int maxMemoryPages) {
    return module.instantiate(functions, maxMemoryPages);
  }

  @Override
  public void close() {}
}
