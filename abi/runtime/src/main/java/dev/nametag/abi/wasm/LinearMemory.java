package dev.nametag.abi.wasm;

import org.teavm.interop.Address;
import org.teavm.interop.Unmanaged;

/**
 * Memory in a module; the compiler puts these methods in the place of those of {@link
 * dev.nametag.abi.memory.Memory}. A block is an array that is pinned.
 */
public final class LinearMemory {
  private LinearMemory() {}

  /** See {@link dev.nametag.abi.memory.Memory#allocate}. */
  public static int allocate(int size) {
    byte[] block;
    try {
      block = new byte[size];
    } catch (OutOfMemoryError e) {
      return 0;
    }
    return Pins.add(Address.ofObject(block)) ? Address.ofData(block).toInt() : 0;
  }

  /** See {@link dev.nametag.abi.memory.Memory#free}. */
  public static void free(int address, int size) {
    Pins.remove(Address.fromInt(address - Pins.headerOfArrays()));
  }

  /** See {@link dev.nametag.abi.memory.Memory#copyIn}. */
  @Unmanaged
  public static void copyIn(byte[] from, int offset, int count, int address) {
    Address.moveMemoryBlock(Address.ofData(from).add(offset), Address.fromInt(address), count);
  }

  /** See {@link dev.nametag.abi.memory.Memory#copyOut}. */
  @Unmanaged
  public static void copyOut(int address, byte[] to, int offset, int count) {
    Address.moveMemoryBlock(Address.fromInt(address), Address.ofData(to).add(offset), count);
  }

  /** See {@link dev.nametag.abi.memory.Memory#getByte}. */
  @Unmanaged
  public static int getByte(int address) {
    return Address.fromInt(address).getByte() & 0xff;
  }

  /** See {@link dev.nametag.abi.memory.Memory#putByte}. */
  @Unmanaged
  public static void putByte(int address, int value) {
    Address.fromInt(address).putByte((byte) value);
  }

  /** See {@link dev.nametag.abi.memory.Memory#getInt}. */
  @Unmanaged
  public static int getInt(int address) {
    return Address.fromInt(address).getInt();
  }

  /** See {@link dev.nametag.abi.memory.Memory#putInt}. */
  @Unmanaged
  public static void putInt(int address, int value) {
    Address.fromInt(address).putInt(value);
  }

  /** See {@link dev.nametag.abi.memory.Memory#getLong}. */
  @Unmanaged
  public static long getLong(int address) {
    return Address.fromInt(address).getLong();
  }

  /** See {@link dev.nametag.abi.memory.Memory#putLong}. */
  @Unmanaged
  public static void putLong(int address, long value) {
    Address.fromInt(address).putLong(value);
  }
}
