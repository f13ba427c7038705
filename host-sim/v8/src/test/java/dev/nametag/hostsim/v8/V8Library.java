package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.options.V8RuntimeOptions;
import dev.nametag.fixtures.Missing;

/** The native library, loaded once, and the flags that V8 gets with it. */
final class V8Library {

  /**
   * As in Envoy: at most 1 GiB of memory, and no baseline compiler, so that every function is
   * compiled by the optimising one. Signatures of imports and exports can be read. Threads of the
   * JVM have a megabyte of stack, of which V8 may take a part.
   */
  private static final String FLAGS =
      "--wasm-max-mem-pages=16384 --no-liftoff --experimental-wasm-type-reflection --stack-size=400";

  private V8Library() {}

  /** Skips the calling test, or fails it, when there is no library. */
  static void orMissing() {
    Loaded.INSTANCE.orMissing();
  }

  /** Returns a new isolate. */
  static V8Runtime newIsolate() {
    try {
      return V8Host.getV8Instance().createV8Runtime(new V8RuntimeOptions());
    } catch (JavetException e) {
      throw new IllegalStateException("no isolate", e);
    }
  }

  /** The first use of V8 in this JVM. */
  private enum Loaded {
    INSTANCE;

    private final boolean present;

    Loaded() {
      V8RuntimeOptions.V8_FLAGS.setCustomFlags(FLAGS);
      V8Host host = V8Host.getV8Instance();
      present = host.isLibraryLoaded();
    }

    void orMissing() {
      if (!present) {
        Missing.report(
            "No V8 for "
                + System.getProperty("os.name")
                + " on "
                + System.getProperty("os.arch")
                + ": com.caoccao.javet has no native library for it on the class path.");
      }
    }
  }
}
