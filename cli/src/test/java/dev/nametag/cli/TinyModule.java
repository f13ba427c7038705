package dev.nametag.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Proxy-Wasm modules that start and then do one thing at the end of every stream, byte by byte.
 *
 * <pre>
 * (module
 *   (memory (export "memory") 1)
 *   (func (export "proxy_abi_version_0_2_1"))
 *   (func (export "malloc") (param i32) (result i32) i32.const 8)
 *   (func (export "proxy_on_log") (param i32) …))
 * </pre>
 */
final class TinyModule {
  private static final int[] NOTHING = {};
  private static final int[] LOOP = {0x03, 0x40, 0x0c, 0x00, 0x0b};

  private TinyModule() {}

  /** Returns one that traps: {@code unreachable}. */
  static byte[] trapping() {
    return bytes(NOTHING, new int[] {0x00});
  }

  /** Returns one that never returns: {@code (loop br 0)}. */
  static byte[] looping() {
    return bytes(NOTHING, LOOP);
  }

  /** Returns one that never returns from {@code _start}. */
  static byte[] loopingAtStart() {
    return bytes(LOOP, NOTHING);
  }

  /** Returns one that starts only with a VM configuration: {@code local.get 1} is its size. */
  static byte[] wantingVmConfiguration() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    section(out, 1, 3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f);
    section(out, 3, 3, 0, 1, 2);
    section(out, 5, 1, 0, 1);
    exports(out, "proxy_on_vm_start");
    section(out, 10, 3, 2, 0, 0x0b, 4, 0, 0x41, 8, 0x0b, 4, 0, 0x20, 1, 0x0b);
    return out.toByteArray();
  }

  private static byte[] bytes(int[] onStart, int[] onLog) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    section(out, 1, 3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0);
    section(out, 3, 3, 0, 1, 2);
    section(out, 5, 1, 0, 1);
    exports(out, "proxy_on_log");
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(3);
    body(code, onStart);
    body(code, 0x41, 8);
    body(code, onLog);
    out.write(10);
    out.write(code.size());
    out.writeBytes(code.toByteArray());
    return out.toByteArray();
  }

  private static void exports(ByteArrayOutputStream out, String callback) {
    ByteArrayOutputStream exports = new ByteArrayOutputStream();
    exports.write(5);
    export(exports, "memory", 2, 0);
    export(exports, "proxy_abi_version_0_2_1", 0, 0);
    export(exports, "_start", 0, 0);
    export(exports, "malloc", 0, 1);
    export(exports, callback, 0, 2);
    out.write(7);
    out.write(exports.size());
    out.writeBytes(exports.toByteArray());
  }

  private static void section(ByteArrayOutputStream out, int id, int... content) {
    out.write(id);
    out.write(content.length);
    for (int b : content) {
      out.write(b);
    }
  }

  private static void export(ByteArrayOutputStream out, String name, int kind, int index) {
    out.write(name.length());
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.write(kind);
    out.write(index);
  }

  private static void body(ByteArrayOutputStream code, int... instructions) {
    code.write(instructions.length + 2);
    code.write(0);
    for (int instruction : instructions) {
      code.write(instruction);
    }
    code.write(0x0b);
  }
}
