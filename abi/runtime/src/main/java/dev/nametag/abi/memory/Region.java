package dev.nametag.abi.memory;

/** Memory that is given back as a whole; small blocks lie one behind the other. Not heap-free. */
public final class Region {
  private static final int CHUNK = 4 << 10;

  /** Behind every block lie so many bytes that may be read. */
  private static final int SLACK = 8;

  private int[] chunks = new int[8];
  private int[] sizes = new int[8];
  private int count;
  private int top;
  private int left;

  /** Returns the address of a copy of the bytes, behind which 8 more bytes can be read. */
  public int of(byte[] bytes) {
    int address = allocate(bytes.length);
    Memory.copyIn(bytes, 0, bytes.length, address);
    return address;
  }

  /** Returns the address of a new block of zeros, behind which 8 more bytes can be read. */
  public int allocate(int size) {
    int wanted = (size + SLACK + 7) & -8;
    if (wanted > left) {
      int chunk = Math.max(CHUNK, wanted);
      growList();
      int added = Memory.allocate(chunk);
      if (added == 0) {
        throw new IllegalStateException("no memory for a block of " + size + " bytes");
      }
      chunks[count] = added;
      sizes[count] = chunk;
      count++;
      top = added;
      left = chunk;
    }
    int address = top;
    top += wanted;
    left -= wanted;
    return address;
  }

  /** So that nothing can fail between getting a chunk and remembering it. */
  private void growList() {
    if (count == chunks.length) {
      int[] moreChunks = new int[count * 2];
      int[] moreSizes = new int[count * 2];
      System.arraycopy(chunks, 0, moreChunks, 0, count);
      System.arraycopy(sizes, 0, moreSizes, 0, count);
      chunks = moreChunks;
      sizes = moreSizes;
    }
  }

  /** Gives all blocks back. */
  public void free() {
    for (int i = 0; i < count; i++) {
      Memory.free(chunks[i], sizes[i]);
    }
    count = 0;
    left = 0;
  }
}
