package dev.nametag.hostsim.engine;

/** The way in: turns bytes into a module. */
public final class Engine {

  private Engine() {}

  /**
   * Reads and validates a module, and compiles it when the kind does so.
   *
   * @throws ModuleLoadException when the bytes are no valid module, or the engine fails on them in
   *     a way that it does not foresee, as a hostile module can make it
   */
  public static LoadedModule load(byte[] bytes, EngineKind kind) {
    try {
      return kind.load(bytes);
    } catch (RuntimeException | Error e) {
      throw new ModuleLoadException("Failed to load Wasm bytecode: " + Traps.describe(e), e);
    }
  }
}
