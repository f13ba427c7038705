package dev.nametag.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The filter as a module, for programs on the JVM. */
public final class NametagModule {
  private NametagModule() {}

  /** Returns the bytes of {@code nametag.wasm}, which lies beside this class. */
  public static byte[] bytes() {
    try (InputStream in = NametagModule.class.getResourceAsStream("nametag.wasm")) {
      if (in == null) {
        throw new IllegalStateException("nametag.wasm is not beside " + NametagModule.class);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
