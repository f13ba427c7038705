package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The WASI functions of the configured release of Envoy; others are missing imports.
 *
 * <p>Source: proxy-wasm-cpp-host include/proxy-wasm/exports.h, FOR_ALL_WASI_FUNCTIONS, and
 * src/exports.cc.
 */
final class WasiCalls {

  /** A bad address. */
  static final int EFAULT = 21;

  /** A function that the plugin's configuration takes away. */
  static final int ENOTCAPABLE = 76;

  private static final int SUCCESS = 0;
  private static final int EBADF = 8;
  private static final int EINVAL = 28;
  private static final int ENOENT = 44;
  private static final int ENOSYS = 52;
  private static final int ENOTSUP = 58;

  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final int MAX_RANDOM_BYTES = 64 * 1024;
  private static final int MAX_WRITE_BYTES = 1 << 20;
  private static final long RIGHT_TO_WRITE = 64;

  private final CallScope scope;

  WasiCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.wasi("environ_get", "i32 i32 -> i32", this::environGet);
    functions.wasi("environ_sizes_get", "i32 i32 -> i32", this::environSizesGet);
    functions.wasi("args_get", "i32 i32 -> i32", a -> SUCCESS);
    functions.wasi("args_sizes_get", "i32 i32 -> i32", this::argsSizesGet);
    functions.wasi("clock_time_get", "i32 i64 i32 -> i32", this::clockTimeGet);
    functions.wasi("random_get", "i32 i32 -> i32", this::randomGet);
    functions.wasi("fd_write", "i32 i32 i32 i32 -> i32", this::fdWrite);
    functions.wasi("fd_read", "i32 i32 i32 i32 -> i32", a -> ENOSYS);
    functions.wasi("fd_seek", "i32 i64 i32 i32 -> i32", a -> logged("fd_seek"));
    functions.wasi("fd_close", "i32 -> i32", a -> logged("fd_close"));
    functions.wasi("fd_fdstat_get", "i32 i32 -> i32", this::fdFdstatGet);
    functions.wasi("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32 -> i32", a -> ENOENT);
    functions.wasi("fd_prestat_get", "i32 i32 -> i32", a -> EBADF);
    functions.wasi("fd_prestat_dir_name", "i32 i32 i32 -> i32", a -> ENOTSUP);
    // The guest runs on: the host only logs the call.
    functions.wasi("proc_exit", "i32 -> void", a -> logged("proc_exit"));
    if (scope.version().atLeast(EnvoyVersion.V1_33)) {
      functions.wasi("fd_fdstat_set_flags", "i32 i32 -> i32", a -> ENOSYS);
      functions.wasi("sched_yield", "void -> i32", a -> SUCCESS);
      functions.wasi("poll_oneoff", "i32 i32 i32 i32 -> i32", this::pollOneoff);
    }
    if (scope.version().atLeast(EnvoyVersion.V1_39)) {
      functions.wasi("clock_res_get", "i32 i32 -> i32", this::clockResGet);
      WasiStubs.register(functions);
    }
  }

  /** No event ever comes. */
  private long pollOneoff(long[] arguments) {
    scope.writeInt((int) arguments[3], 0);
    return SUCCESS;
  }

  private long clockResGet(long[] arguments) {
    int clock = (int) arguments[0];
    if (clock != REALTIME && clock != MONOTONIC) {
      return ENOTSUP;
    }
    scope.writeLong((int) arguments[1], 1);
    return SUCCESS;
  }

  private long logged(String function) {
    scope.log(LogLevel.ERROR, "wasi_unstable " + function);
    return SUCCESS;
  }

  private long environGet(long[] arguments) {
    int pointer = (int) arguments[0];
    int text = (int) arguments[1];
    for (Map.Entry<String, String> variable : scope.environment().entrySet()) {
      ByteString bytes = ByteString.utf8(variable.getKey() + "=" + variable.getValue() + "\0");
      scope.writeInt(pointer, text);
      scope.write(text, bytes.toByteArray());
      pointer += Integer.BYTES;
      text += bytes.size();
    }
    return SUCCESS;
  }

  private long environSizesGet(long[] arguments) {
    int size = 0;
    for (Map.Entry<String, String> variable : scope.environment().entrySet()) {
      size += ByteString.utf8(variable.getKey()).size();
      size += ByteString.utf8(variable.getValue()).size() + 2;
    }
    scope.writeInt((int) arguments[0], scope.environment().size());
    scope.writeInt((int) arguments[1], size);
    return SUCCESS;
  }

  private long argsSizesGet(long[] arguments) {
    scope.writeInt((int) arguments[0], 0);
    scope.writeInt((int) arguments[1], 0);
    return SUCCESS;
  }

  private long clockTimeGet(long[] arguments) {
    int clock = (int) arguments[0];
    if (clock != REALTIME && clock != MONOTONIC) {
      return ENOTSUP;
    }
    scope.writeLong(
        (int) arguments[2],
        clock == REALTIME ? scope.clock().epochNanos() : scope.clock().monotonicNanos());
    return SUCCESS;
  }

  private long randomGet(long[] arguments) {
    int length = (int) arguments[1];
    if (length < 0 || length > MAX_RANDOM_BYTES) {
      return EINVAL;
    }
    byte[] random = new byte[length];
    ThreadLocalRandom.current().nextBytes(random);
    scope.write((int) arguments[0], random);
    return SUCCESS;
  }

  /** Logs what is written as one line, without one newline at its end. */
  private long fdWrite(long[] arguments) {
    int descriptor = (int) arguments[0];
    if (descriptor != STDOUT && descriptor != STDERR) {
      return EBADF;
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    long vectors = Integer.toUnsignedLong((int) arguments[1]);
    long count = Integer.toUnsignedLong((int) arguments[2]);
    for (long i = 0; i < count; i++) {
      long address = vectors + i * 2 * Integer.BYTES;
      if (address > Integer.MAX_VALUE - Long.BYTES) {
        return EFAULT;
      }
      int vector = (int) address;
      ByteString part = scope.read(scope.readInt(vector), scope.readInt(vector + Integer.BYTES));
      if (written.size() + part.size() > MAX_WRITE_BYTES) {
        // Ours, not Envoy's: a module cannot make the host hold more than it has itself.
        return EINVAL;
      }
      written.writeBytes(part.toByteArray());
    }
    byte[] bytes = written.toByteArray();
    if (bytes.length > 0) {
      int end = bytes[bytes.length - 1] == '\n' ? bytes.length - 1 : bytes.length;
      scope.log(
          descriptor == STDOUT ? LogLevel.INFO : LogLevel.ERROR,
          ByteString.of(Arrays.copyOf(bytes, end)).toString());
    }
    scope.writeInt((int) arguments[3], bytes.length);
    return SUCCESS;
  }

  private long fdFdstatGet(long[] arguments) {
    int descriptor = (int) arguments[0];
    if (descriptor != STDOUT && descriptor != STDERR) {
      return EBADF;
    }
    int address = (int) arguments[1];
    scope.write(address, new byte[3 * Long.BYTES]);
    scope.writeLong(address + Long.BYTES, RIGHT_TO_WRITE);
    return SUCCESS;
  }
}
