package dev.nametag.hostsim.engine;

import java.util.List;

/** A module that has been read, validated and, where the engine does so, compiled. */
public interface LoadedModule extends AutoCloseable {

  /** All imports, in the module's order. */
  List<ModuleImport> imports();

  /** All exports, in the module's order. */
  List<ModuleExport> exports();

  /**
   * Makes an instance that has not been started.
   *
   * @param functions one for each imported function, in any order; imported memories and tables are
   *     made fresh
   * @throws ModuleLoadException when the module cannot be instantiated
   */
  Instance instantiate(List<HostImport> functions);

  /**
   * Makes an instance whose memory does not grow beyond that many pages of 64 KiB; an engine that
   * cannot limit it has a limit of its own.
   */
  default Instance instantiate(List<HostImport> functions, int maxMemoryPages) {
    return instantiate(functions);
  }

  /**
   * Gives back what the engine holds outside the JVM's heap; no instance may be used afterwards.
   */
  @Override
  void close();
}
