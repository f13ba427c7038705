package dev.nametag.hostsim.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.engine.Signature;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The body of a function, written instruction by instruction; methods say what they leave. */
public final class Code {

  /** Where hostcalls put a pointer and, after it, a size. */
  public static final int POINTER = 16;

  public static final int SIZE = 20;

  /** Where hostcalls put a number of 4 or 8 bytes. */
  public static final int NUMBER = 24;

  private static final int METRIC_ID = 32;
  private static final int GAUGE = 1;

  private static final Map<String, String> SIGNATURES =
      Map.ofEntries(
          Map.entry("env.proxy_log", "i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_log_level", "i32 -> i32"),
          Map.entry("env.proxy_define_metric", "i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_increment_metric", "i32 i64 -> i32"),
          Map.entry("env.proxy_record_metric", "i32 i64 -> i32"),
          Map.entry("env.proxy_get_metric", "i32 i32 -> i32"),
          Map.entry("env.proxy_get_property", "i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_set_property", "i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_header_map_value", "i32 i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_header_map_pairs", "i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_header_map_size", "i32 i32 -> i32"),
          Map.entry("env.proxy_add_header_map_value", "i32 i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_replace_header_map_value", "i32 i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_remove_header_map_value", "i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_buffer_bytes", "i32 i32 i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_buffer_status", "i32 i32 i32 -> i32"),
          Map.entry("env.proxy_get_current_time_nanoseconds", "i32 -> i32"),
          Map.entry("env.proxy_set_effective_context", "i32 -> i32"),
          Map.entry("env.proxy_done", "void -> i32"),
          Map.entry("env.proxy_set_tick_period_milliseconds", "i32 -> i32"),
          Map.entry("wasi_snapshot_preview1.environ_get", "i32 i32 -> i32"),
          Map.entry("wasi_snapshot_preview1.environ_sizes_get", "i32 i32 -> i32"),
          Map.entry("wasi_snapshot_preview1.clock_time_get", "i32 i64 i32 -> i32"),
          Map.entry("wasi_snapshot_preview1.random_get", "i32 i32 -> i32"),
          Map.entry("wasi_unstable.fd_write", "i32 i32 i32 i32 -> i32"),
          Map.entry("wasi_snapshot_preview1.proc_exit", "i32 -> void"));

  private final ModuleBuilder module;
  private final Signature signature;
  private final List<Supplier<byte[]>> instructions = new ArrayList<>();

  Code(ModuleBuilder module, Signature signature) {
    this.module = module;
    this.signature = signature;
  }

  Signature signature() {
    return signature;
  }

  byte[] body() {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    // Two locals besides the parameters: an i64 to report, and an i32.
    code.writeBytes(new byte[] {2, 1, 0x7e, 1, 0x7f});
    instructions.forEach(instruction -> code.writeBytes(instruction.get()));
    code.write(0x0b);
    ByteArrayOutputStream sized = new ByteArrayOutputStream();
    Leb.unsigned(sized, code.size());
    sized.writeBytes(code.toByteArray());
    return sized.toByteArray();
  }

  private int i64Local() {
    return signature.parameters().size();
  }

  private Code emit(int... bytes) {
    byte[] fixed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      fixed[i] = (byte) bytes[i];
    }
    instructions.add(() -> fixed);
    return this;
  }

  private Code constant(int opcode, long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(opcode);
    Leb.signed(out, value);
    byte[] bytes = out.toByteArray();
    instructions.add(() -> bytes);
    return this;
  }

  /** Leaves an i32. */
  public Code i32(int value) {
    return constant(0x41, value);
  }

  /** Leaves an i64. */
  public Code i64(long value) {
    return constant(0x42, value);
  }

  /** Leaves a parameter. */
  public Code parameter(int index) {
    return emit(0x20, index);
  }

  /** Leaves the i32 at the address. */
  public Code load(int address) {
    return i32(address).emit(0x28, 2, 0);
  }

  /** Leaves the i64 at the address. */
  public Code loadLong(int address) {
    return i32(address).emit(0x29, 3, 0);
  }

  /** Leaves the i64 that the last pointer leads to. */
  public Code returnedLong() {
    return load(POINTER).emit(0x29, 0, 0);
  }

  /** Leaves whether the two i32 on the stack differ. */
  public Code notEqual() {
    return emit(0x47);
  }

  /** Stores an i32. */
  public Code store(int address, int value) {
    return i32(address).i32(value).emit(0x36, 2, 0);
  }

  /** Does the one or the other, as the parameter is not zero or zero. */
  public Code ifParameter(int index, Consumer<Code> then, Consumer<Code> otherwise) {
    parameter(index).emit(0x04, 0x40);
    then.accept(this);
    emit(0x05);
    otherwise.accept(this);
    return emit(0x0b);
  }

  /** Takes two i32 and leaves the first less the second. */
  public Code subtract() {
    return emit(0x6b);
  }

  /** Takes what is on the stack away. */
  public Code drop() {
    return emit(0x1a);
  }

  /** Grows the memory and leaves the number of pages before. */
  public Code growMemory(int pages) {
    return i32(pages).emit(0x40, 0);
  }

  /** Traps. */
  public Code trap() {
    return emit(0x00);
  }

  /** Calls itself without end. */
  public Code recurse(String self) {
    instructions.add(() -> callBytes(module.definedFunction(self)));
    return this;
  }

  /** Runs for ever. */
  public Code loop() {
    return emit(0x03, 0x40, 0x0c, 0x00, 0x0b);
  }

  /**
   * Calls a function of the host and leaves its result. Integers and longs are passed as they are,
   * texts and byte arrays as an address and a size.
   */
  public Code call(String function, Object... arguments) {
    return callIn("env", function, arguments);
  }

  /** Calls a function of the host in that module. */
  public Code callIn(String importModule, String function, Object... arguments) {
    for (Object argument : arguments) {
      if (argument instanceof Integer number) {
        i32(number);
      } else if (argument instanceof Long number) {
        i64(number);
      } else {
        byte[] bytes = argument instanceof String text ? text.getBytes(UTF_8) : (byte[]) argument;
        i32(module.text(bytes)).i32(bytes.length);
      }
    }
    String qualified = importModule + "." + function;
    int index = module.importedFunction(qualified, Signature.parse(SIGNATURES.get(qualified)));
    instructions.add(() -> callBytes(index));
    return this;
  }

  /** Leaves what {@code proxy_get_property} answers. */
  public Code getProperty(String... segments) {
    return call("proxy_get_property", String.join("\0", segments), POINTER, SIZE);
  }

  /** Logs a text. */
  public Code log(String text) {
    return call("proxy_log", 2, text).drop();
  }

  /** Logs what the last pointer and size lead to. */
  public Code logReturned() {
    i32(2).load(POINTER).load(SIZE);
    return call("proxy_log").drop();
  }

  /** Takes an i32 and sets a gauge of that name to it. */
  public Code report(String gauge) {
    return emit(0xac).reportLong(gauge);
  }

  /** Takes an i64 and sets a gauge of that name to it. */
  public Code reportLong(String gauge) {
    emit(0x21, i64Local());
    call("proxy_define_metric", GAUGE, gauge, METRIC_ID).drop();
    load(METRIC_ID).emit(0x20, i64Local());
    return call("proxy_record_metric").drop();
  }

  private static byte[] callBytes(int index) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x10);
    Leb.unsigned(out, index);
    return out.toByteArray();
  }
}
