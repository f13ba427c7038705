package dev.nametag.hostsim.engine;

/** The way in: turns bytes into a module. */
public final class Engine {

  private Engine() {}

  /**
   * Reads and validates a module, and compiles it when the kind asks for that.
   *
   * <p>The compiler leaves single functions that are too large for the JVM to the interpreter, and
   * the whole module when it cannot translate it at all; both without a word on the console.
   *
   * @throws ModuleLoadException when the bytes are no valid module
   */
  public static LoadedModule load(byte[] bytes, EngineKind kind) {
    return ChicoryModule.load(bytes, kind);
  }
}
