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
    exports(out, "proxy_on_vm_start", 0);
    section(out, 10, 3, 2, 0, 0x0b, 4, 0, 0x41, 8, 0x0b, 4, 0, 0x20, 1, 0x0b);
    return out.toByteArray();
  }

  /**
   * Returns one that asks the cluster {@code upstream} for {@code /m} when it is configured, and
   * traps if it may not: {@code (if (call $proxy_http_call …) (then unreachable))}.
   */
  static byte[] calling() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    int i32 = 0x7f;
    int[] types = {
      4, 0x60, 0, 0, 0x60, 1, i32, 1, i32, 0x60, 2, i32, i32, 1, i32, //
      0x60, 10, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, 1, i32
    };
    section(out, 1, types);
    ByteArrayOutputStream imports = new ByteArrayOutputStream();
    imports.write(1);
    name(imports, "env");
    name(imports, "proxy_http_call");
    imports.writeBytes(new byte[] {0, 3});
    section(out, 2, imports);
    section(out, 3, 3, 0, 1, 2);
    section(out, 5, 1, 0, 1);
    exports(out, "proxy_on_configure", 1);
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    int[] sizes = {3, 5, 2, 7, 3, 10, 1};
    for (int size : sizes) {
      headers.writeBytes(new byte[] {(byte) size, 0, 0, 0});
    }
    headers.writeBytes(ascii(":path\0/m\0:method\0GET\0:authority\0m\0"));
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(3);
    body(code);
    body(code, 0x41, 8);
    int[] call = {
      0x41,
      0,
      0x41,
      8, // the cluster's name
      0x41,
      8,
      0x41,
      headers.size(), // headers
      0x41,
      0,
      0x41,
      0,
      0x41,
      0,
      0x41,
      0, // neither body nor trailers
      0x41,
      0x90,
      0xce,
      0, // 10,000 ms
      0x41,
      0xd0,
      0, // where the token goes
      0x10,
      0,
      0x04,
      0x40,
      0x00,
      0x0b,
      0x41,
      1
    };
    body(code, call);
    section(out, 10, code);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(new byte[] {1, 0, 0x41, 0, 0x0b, (byte) (8 + headers.size())});
    data.writeBytes(ascii("upstream"));
    data.writeBytes(headers.toByteArray());
    section(out, 11, data);
    return out.toByteArray();
  }

  private static byte[] bytes(int[] onStart, int[] onLog) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    section(out, 1, 3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 0);
    section(out, 3, 3, 0, 1, 2);
    section(out, 5, 1, 0, 1);
    exports(out, "proxy_on_log", 0);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    code.write(3);
    body(code, onStart);
    body(code, 0x41, 8);
    body(code, onLog);
    section(out, 10, code);
    return out.toByteArray();
  }

  /** Exports functions from the first that is no import. */
  private static void exports(ByteArrayOutputStream out, String callback, int first) {
    ByteArrayOutputStream exports = new ByteArrayOutputStream();
    exports.write(5);
    export(exports, "memory", 2, 0);
    export(exports, "proxy_abi_version_0_2_1", 0, first);
    export(exports, "_start", 0, first);
    export(exports, "malloc", 0, first + 1);
    export(exports, callback, 0, first + 2);
    section(out, 7, exports);
  }

  private static void section(ByteArrayOutputStream out, int id, int... content) {
    out.write(id);
    out.write(content.length);
    for (int b : content) {
      out.write(b);
    }
  }

  private static void section(ByteArrayOutputStream out, int id, ByteArrayOutputStream content) {
    out.write(id);
    out.write(content.size());
    out.writeBytes(content.toByteArray());
  }

  private static void name(ByteArrayOutputStream out, String name) {
    out.write(name.length());
    out.writeBytes(ascii(name));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void export(ByteArrayOutputStream out, String name, int kind, int index) {
    name(out, name);
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
