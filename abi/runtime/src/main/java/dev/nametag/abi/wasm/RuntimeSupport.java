package dev.nametag.abi.wasm;

import dev.nametag.abi.LogLevel;
import dev.nametag.abi.Utf8;
import org.teavm.interop.Address;
import org.teavm.interop.StaticInit;

/**
 * What TeaVM's runtime asks of the outside, by hostcalls that every Proxy-Wasm host has. The
 * compiler puts these methods in the place of those of the same name and type in {@code
 * org.teavm.backend.wasm.runtime.WasmSupport}.
 */
public final class RuntimeSupport {
  private static final int NANOS_PER_MILLI = 1_000_000;

  private RuntimeSupport() {}

  /** Writes what the program prints to {@code System.err}. */
  public static void putCharsStderr(Address bytes, int count) {
    int ignored = Imports.proxyLog(LogLevel.ERROR.code(), bytes, count);
  }

  /** Writes what the program prints to {@code System.out}. */
  public static void putCharsStdout(Address bytes, int count) {
    int ignored = Imports.proxyLog(LogLevel.INFO.code(), bytes, count);
  }

  /** Returns the host's time in milliseconds since 1970. */
  public static long currentTimeMillis() {
    int ignored = Imports.proxyGetCurrentTimeNanoseconds(HostMemory.resultPointer());
    return HostMemory.resultPointer().getLong() / NANOS_PER_MILLI;
  }

  /** Writes what the runtime itself has to say, such as an exception that nobody caught. */
  public static void printString(String text) {
    byte[] bytes = Utf8.encode(text);
    int ignored = Imports.proxyLog(LogLevel.ERROR.code(), Address.ofData(bytes), bytes.length);
  }

  /** Writes a number of the runtime. */
  public static void printInt(int number) {
    printString(Integer.toString(number));
  }

  /** Writes that the heap is full; needs no object. */
  public static void printOutOfMemory() {
    printCritical(LastWords.OUT_OF_MEMORY);
  }

  /** Writes that calls are nested too deep; called right before the trap. */
  public static void printStackOverflow() {
    printCritical(LastWords.STACK_OVERFLOW);
  }

  private static void printCritical(byte[] ascii) {
    int ignored = Imports.proxyLog(LogLevel.CRITICAL.code(), Address.ofData(ascii), ascii.length);
  }

  /** Ready before they are needed. */
  @StaticInit
  private static final class LastWords {
    static final byte[] OUT_OF_MEMORY = Utf8.encode("out of memory");
    static final byte[] STACK_OVERFLOW = Utf8.encode("stack overflow");
  }
}
