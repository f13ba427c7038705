package dev.nametag.abi.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Bytes and little-endian numbers at addresses, which need not be aligned. Addresses are not
 * checked.
 *
 * <p>In a module this is its linear memory: the compiler puts the methods of {@code
 * dev.nametag.abi.wasm.LinearMemory} in the place of these. On the JVM it is one array, for one
 * thread.
 */
@HeapFree
public final class Memory {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Room behind the last block, for what is read in whole words. */
  private static final int SLACK = 64;

  private static final int MIN_BLOCK = 16;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  // Address 0 is nobody's.
  private static int top = 16;
  private static byte[] bytes = new byte[1 << 16];
  private static final Map<Integer, Deque<Integer>> freeBlocks = new HashMap<>();

  private Memory() {}

  /**
   * Returns the address of a new block of zeros, which stays where it is until it is freed; 0 if
   * there are too many blocks already, or no memory. Not heap-free.
   */
  public static int allocate(int size) {
    int block = blockSize(size);
    Deque<Integer> sameSize = freeBlocks.get(block);
    if (sameSize != null && !sameSize.isEmpty()) {
      int address = sameSize.pop();
      Arrays.fill(bytes, address, address + block, (byte) 0);
      return address;
    }
    long needed = (long) top + block + SLACK;
    if (needed > MAX_ARRAY) {
      return 0;
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY, Math.max(bytes.length * 2L, needed)));
    }
    int address = top;
    top += block;
    return address;
  }

  /** A power of two, so that blocks of many sizes can take each other's place. */
  private static int blockSize(int size) {
    return size <= MIN_BLOCK ? MIN_BLOCK : Integer.highestOneBit(size - 1) << 1;
  }

  /** Gives back a block that {@link #allocate} returned for the same size. Not heap-free. */
  public static void free(int address, int size) {
    freeBlocks.computeIfAbsent(blockSize(size), ignored -> new ArrayDeque<>()).push(address);
  }

  /** Copies from an array into memory. */
  public static void copyIn(byte[] from, int offset, int count, int address) {
    System.arraycopy(from, offset, bytes, address, count);
  }

  /** Copies from memory into an array. */
  public static void copyOut(int address, byte[] to, int offset, int count) {
    System.arraycopy(bytes, address, to, offset, count);
  }

  /** Returns the byte at an address, 0 to 255. */
  public static int getByte(int address) {
    return bytes[address] & 0xff;
  }

  /** Writes the low 8 bits. */
  public static void putByte(int address, int value) {
    bytes[address] = (byte) value;
  }

  /** Returns the four bytes from an address on. */
  public static int getInt(int address) {
    return (int) INTS.get(bytes, address);
  }

  /** Writes four bytes. */
  public static void putInt(int address, int value) {
    INTS.set(bytes, address, value);
  }

  /** Returns the eight bytes from an address on. */
  public static long getLong(int address) {
    return (long) LONGS.get(bytes, address);
  }

  /** Writes eight bytes. */
  public static void putLong(int address, long value) {
    LONGS.set(bytes, address, value);
  }
}
