package dev.nametag.abi.memory;

/**
 * Finds what belongs to a key of bytes. Keys are compared byte by byte; nothing is ever removed.
 *
 * <p>An entry is one block: the next entry of its bucket, the hash, the key's size, the key, and
 * what belongs to it. Entries lie one behind the other in chunks; one that fits into a line of a
 * processor's cache lies in one, so that finding it loads no second. Buckets grow by linear hashing
 * (Litwin 1980): an entry that is added splits at most {@value #SPLITS} buckets, so that no
 * addition pays for moving many others; there is about one entry for two buckets.
 *
 * <p>What an entry takes of memory, {@link #bytes} says.
 */
public final class MemoryMap {
  private static final int HEADER = 12;
  private static final int BUCKET_BYTES = 8;

  /** Usual for processors that run proxies. */
  private static final int CACHE_LINE = 64;

  /** Keys are rounded up to so many bytes. */
  public static final int WORD = 8;

  /** What {@link #mixed} multiplies with; odd, its bits without a pattern: the golden ratio's. */
  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  private static final int NEXT = 0;
  private static final int HASH = 4;
  private static final int SIZE = 8;

  private static final int SPLITS = 2;
  private static final int SEGMENT_SHIFT = 10;
  private static final int SEGMENT_BUCKETS = 1 << SEGMENT_SHIFT;
  private static final int MAX_SEGMENTS = 1 << SEGMENT_SHIFT;
  private static final int SEGMENT_BYTES = SEGMENT_BUCKETS * 4;
  private static final int MIN_CHUNK = 4 << 10;
  private static final int MAX_CHUNK = 64 << 10;

  // A block of addresses of segments, each of which is a block of addresses of first entries.
  private final int segments;
  private int segmentCount;
  // Buckets below split have been divided by one more bit of the hash than mask has.
  private int mask = SEGMENT_BUCKETS - 1;
  private int split;
  private int size;
  // The chunk that is being filled, what is left of it, and the chunks before it.
  private int chunk;
  private int chunkBytes;
  private int chunkLeft;
  private int[] chunks = new int[8];
  private int[] chunkSizes = new int[8];
  private int chunkCount;

  /** Makes an empty map. */
  public MemoryMap() {
    segments = Blocks.allocate(MAX_SEGMENTS * 4);
    if (!addSegment()) {
      Blocks.free(segments, MAX_SEGMENTS * 4);
      throw new IllegalStateException("no memory for a map");
    }
  }

  /** Returns the number of bytes that a key of this size takes. */
  @HeapFree
  public static int padded(int size) {
    return (size + WORD - 1) & -WORD;
  }

  /** Returns how many bytes of memory an entry takes at most, with its share of the buckets. */
  @HeapFree
  public static int bytes(int keySize, int valueSize) {
    int entry = entryBytes(keySize, valueSize);
    int leftEmptyBefore = entry <= CACHE_LINE ? entry - WORD : 0;
    return BUCKET_BYTES + leftEmptyBefore + entry;
  }

  /** An entry takes whole words; its key and what belongs to it need not start at one. */
  @HeapFree
  private static int entryBytes(int keySize, int valueSize) {
    return padded(HEADER + padded(keySize) + valueSize);
  }

  /** Returns the hash of a key that is followed by zeros up to its padded size. */
  @HeapFree
  public static int hash(int key, int keySize) {
    long hash = 0;
    int end = key + keySize;
    for (int at = key; at < end; at += WORD) {
      hash = mixed(hash, Memory.getLong(at));
    }
    return hash(hash, keySize);
  }

  /**
   * Returns what the words of a key before this one, and this one, are mixed to; 0 before the
   * first. So whoever has a key's parts in different places need not put them together to look for
   * it.
   */
  @HeapFree
  public static long mixed(long before, long word) {
    long mixed = (before ^ word) * FACTOR;
    return mixed ^ mixed >>> 32;
  }

  /** Returns the hash of a key whose words are mixed to this. */
  @HeapFree
  public static int hash(long mixed, int keySize) {
    long hash = (mixed + keySize) * FACTOR;
    return (int) (hash >>> 32 ^ hash >>> 47 ^ hash);
  }

  /** Returns how many keys there are. */
  public int size() {
    return size;
  }

  /**
   * Returns the address of what belongs to the key, 0 if the key is not there.
   *
   * @param key where the key lies, followed by zeros up to its padded size
   * @param hash its {@link #hash}
   */
  @HeapFree
  public int find(int key, int keySize, int hash) {
    int entry = first(keySize, hash);
    while (entry != 0) {
      int mine = entry + HEADER;
      int at = 0;
      while (at < keySize && isZero(Memory.getLong(mine + at) ^ Memory.getLong(key + at))) {
        at += WORD;
      }
      if (at >= keySize) {
        return mine + at;
      }
      entry = orNext(Memory.getInt(entry + NEXT), keySize, hash);
    }
    return 0;
  }

  /**
   * Returns whether all bits are 0; of longs TeaVM compares by a call, of ints by an instruction.
   */
  @HeapFree
  public static boolean isZero(long bits) {
    return ((int) bits | (int) (bits >>> 32)) == 0;
  }

  /** Returns the first entry that could be that of a key with this size and hash. */
  @HeapFree
  private int first(int keySize, int hash) {
    int bucket = hash & mask;
    if (bucket < split) {
      bucket = hash & (mask * 2 + 1);
    }
    int segment = Memory.getInt(segments + (bucket >>> SEGMENT_SHIFT) * 4);
    int entry = Memory.getInt(segment + (bucket & (SEGMENT_BUCKETS - 1)) * 4);
    return orNext(entry, keySize, hash);
  }

  @HeapFree
  private static int orNext(int from, int keySize, int hash) {
    int entry = from;
    while (entry != 0
        && (Memory.getInt(entry + HASH) != hash || Memory.getInt(entry + SIZE) != keySize)) {
      entry = Memory.getInt(entry + NEXT);
    }
    return entry;
  }

  /**
   * Adds a key that is not there and returns the address of what belongs to it, zeros; or returns 0
   * and changes nothing if there is no memory for it.
   */
  public int add(int key, int keySize, int hash, int valueSize) {
    int padded = padded(keySize);
    int entry = allocate(entryBytes(keySize, valueSize));
    if (entry == 0) {
      return 0;
    }
    int head = head(hash);
    Memory.putInt(entry + NEXT, Memory.getInt(head));
    Memory.putInt(entry + HASH, hash);
    Memory.putInt(entry + SIZE, keySize);
    for (int at = 0; at < padded; at += WORD) {
      Memory.putLong(entry + HEADER + at, Memory.getLong(key + at));
    }
    Memory.putInt(head, entry);
    size++;
    for (int i = 0; i < SPLITS && size * 2 > mask + 1 + split; i++) {
      splitBucket();
    }
    return entry + HEADER + padded;
  }

  /** Returns how many bytes of memory it has. */
  long memory() {
    long bytes = MAX_SEGMENTS * 4 + (long) segmentCount * SEGMENT_BYTES;
    for (int i = 0; i < chunkCount; i++) {
      bytes += chunkSizes[i];
    }
    return bytes;
  }

  /** Gives all memory back; the map is not to be used any more. */
  public void free() {
    for (int i = 0; i < segmentCount; i++) {
      Memory.free(Memory.getInt(segments + i * 4), SEGMENT_BYTES);
    }
    Blocks.free(segments, MAX_SEGMENTS * 4);
    for (int i = 0; i < chunkCount; i++) {
      Memory.free(chunks[i], chunkSizes[i]);
    }
  }

  /** Returns where the address of the first entry of a hash's bucket is written. */
  private int head(int hash) {
    int bucket = hash & mask;
    return headOf(bucket < split ? hash & (mask * 2 + 1) : bucket);
  }

  private int headOf(int bucket) {
    int segment = Memory.getInt(segments + (bucket >>> SEGMENT_SHIFT) * 4);
    return segment + (bucket & (SEGMENT_BUCKETS - 1)) * 4;
  }

  private boolean addSegment() {
    int segment = segmentCount == MAX_SEGMENTS ? 0 : Memory.allocate(SEGMENT_BYTES);
    if (segment == 0) {
      return false;
    }
    Memory.putInt(segments + segmentCount * 4, segment);
    segmentCount++;
    return true;
  }

  /** Divides the entries of one bucket; without memory buckets just become longer. */
  private void splitBucket() {
    int added = mask + 1 + split;
    if (added >>> SEGMENT_SHIFT >= segmentCount && !addSegment()) {
      return;
    }
    int stays = headOf(split);
    int goes = headOf(added);
    int entry = Memory.getInt(stays);
    Memory.putInt(stays, 0);
    while (entry != 0) {
      int next = Memory.getInt(entry + NEXT);
      int head = (Memory.getInt(entry + HASH) & (mask + 1)) == 0 ? stays : goes;
      Memory.putInt(entry + NEXT, Memory.getInt(head));
      Memory.putInt(head, entry);
      entry = next;
    }
    split++;
    if (split > mask) {
      mask = mask * 2 + 1;
      split = 0;
    }
  }

  private int allocate(int bytes) {
    if (skipped(bytes) + bytes > chunkLeft && !addChunk(bytes)) {
      return 0;
    }
    chunkLeft -= skipped(bytes);
    int address = chunk + chunkBytes - chunkLeft;
    chunkLeft -= bytes;
    return address;
  }

  /** Returns how many bytes are left unused so that an entry lies in one line if it can. */
  private int skipped(int bytes) {
    int rest = CACHE_LINE - ((chunk + chunkBytes - chunkLeft) & (CACHE_LINE - 1));
    return bytes <= CACHE_LINE && bytes > rest ? rest : 0;
  }

  private boolean addChunk(int bytes) {
    // With room for four of the kind no more than a fifth is left over.
    int wanted = Math.max(Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, chunkBytes * 2)), bytes * 4);
    growLists();
    int address = Memory.allocate(wanted);
    if (address == 0) {
      return false;
    }
    chunks[chunkCount] = address;
    chunkSizes[chunkCount] = wanted;
    chunkCount++;
    chunk = address;
    chunkBytes = wanted;
    chunkLeft = wanted;
    return true;
  }

  /** So that nothing can fail between getting a chunk and remembering it. */
  private void growLists() {
    if (chunkCount == chunks.length) {
      int[] moreChunks = grown(chunks);
      chunkSizes = grown(chunkSizes);
      chunks = moreChunks;
    }
  }

  private static int[] grown(int[] array) {
    int[] grown = new int[array.length * 2];
    System.arraycopy(array, 0, grown, 0, array.length);
    return grown;
  }
}
