package dev.nametag.hostsim.engine;

/** The two ways in which Chicory executes a module. */
enum ChicoryEngine implements EngineKind {
  COMPILER,
  INTERPRETER;

  /**
   * The compiler leaves single functions that are too large for the JVM to the interpreter, and the
   * whole module when it cannot translate it at all; both without a word on the console.
   */
  @Override
  public LoadedModule load(byte[] bytes) {
    return ChicoryModule.load(bytes, this);
  }
}
