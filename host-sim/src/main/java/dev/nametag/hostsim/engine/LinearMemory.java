package dev.nametag.hostsim.engine;

/**
 * The memory of an instance. Callers check addresses against {@link #size}; the memory can grow
 * whenever the module runs, and never shrinks.
 */
public interface LinearMemory {

  /** The number of bytes now. */
  long size();

  /** Copies bytes out. */
  byte[] read(int address, int length);

  /** Copies bytes in. */
  void write(int address, byte[] bytes);

  /** Reads a little-endian i32. */
  int readInt(int address);

  /** Writes a little-endian i32. */
  void writeInt(int address, int value);

  /** Writes a little-endian i64. */
  void writeLong(int address, long value);
}
