package dev.nametag.hostsim.engine;

import java.util.Optional;

/** One instance of a module. At most one thread may use it at a time. */
public interface Instance {

  /**
   * Fills memory and tables and runs the start section; to be called once, before anything else.
   *
   * @throws WasmTrapException when that fails
   */
  void start();

  /** The exported function of that name. */
  Optional<ExportedFunction> function(String name);

  /** The memory, exported or imported. */
  LinearMemory memory();
}
