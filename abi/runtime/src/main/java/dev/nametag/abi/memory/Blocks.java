package dev.nametag.abi.memory;

/** Blocks of memory that hold what an array holds. Not heap-free. */
public final class Blocks {
  /** Behind every block lie so many bytes that may be read. */
  private static final int SLACK = 8;

  private Blocks() {}

  /** Returns the address of a copy of the bytes, which stays for ever. */
  public static int of(byte[] bytes) {
    int address = allocate(bytes.length);
    Memory.copyIn(bytes, 0, bytes.length, address);
    return address;
  }

  /** Returns the address of a new block of zeros, behind which 8 more bytes can be read. */
  public static int allocate(int size) {
    int address = Memory.allocate(size + SLACK);
    if (address == 0) {
      throw new IllegalStateException("no memory for a block of " + size + " bytes");
    }
    return address;
  }

  /** Gives back a block that {@link #of} or {@link #allocate} returned for this size. */
  public static void free(int address, int size) {
    Memory.free(address, size + SLACK);
  }

  /** Returns a copy of the bytes from an address on. */
  public static byte[] toArray(int address, int size) {
    byte[] bytes = new byte[size];
    Memory.copyOut(address, bytes, 0, size);
    return bytes;
  }
}
