package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;

/** V8 with one isolate for each module, in which all instances of the module live. */
public final class V8Engine implements EngineKind {

  private V8Engine() {}

  /**
   * Returns the engine; skips the calling test, or fails it, when there is none for this platform.
   */
  public static V8Engine orMissing() {
    V8Library.orMissing();
    return new V8Engine();
  }

  @Override
  public LoadedModule load(byte[] bytes) {
    V8Runtime isolate = V8Library.newIsolate();
    try {
      return new V8Module(isolate, bytes);
    } catch (JavetException | RuntimeException e) {
      Isolates.close(isolate);
      throw Isolates.failure(e);
    }
  }

  @Override
  public String toString() {
    return "V8";
  }
}
