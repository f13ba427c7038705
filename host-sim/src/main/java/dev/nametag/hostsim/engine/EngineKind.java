package dev.nametag.hostsim.engine;

/**
 * What executes modules. Two ways of Chicory come with the simulator; another engine is one more
 * implementation of this interface.
 */
@FunctionalInterface
public interface EngineKind {

  /** Chicory's compiler: translates to JVM bytecode once; the JVM then compiles what is hot. */
  EngineKind COMPILER = ChicoryEngine.COMPILER;

  /** Chicory's interpreter: starts at once and runs slowly. */
  EngineKind INTERPRETER = ChicoryEngine.INTERPRETER;

  /**
   * Reads and validates a module, and compiles it where the engine does so. Callers use {@link
   * Engine#load}, which turns every failure into one exception.
   */
  LoadedModule load(byte[] bytes);
}
