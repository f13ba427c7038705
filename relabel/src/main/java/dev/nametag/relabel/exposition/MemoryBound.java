package dev.nametag.relabel.exposition;

import dev.nametag.relabel.engine.Labels;

/**
 * Counts roughly what is kept of a page, so that a page of any size takes a part of the memory and
 * no more.
 *
 * <p>The sizes are those of a 64-bit JVM with compressed pointers; text is counted as one byte a
 * character, two for text that is not Latin.
 */
public final class MemoryBound {
  private static final int SERIES_BYTES = 160;
  private static final int LABEL_BYTES = 64;
  private static final int TEXT_BYTES = 56;

  private final long limitBytes;
  private long bytes;

  /** Counts up to so many bytes. */
  public MemoryBound(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Returns a bound that is this part of what the JVM may take: a fifth, if {@code part} is 5. */
  public static MemoryBound partOfHeap(int part) {
    return new MemoryBound(Runtime.getRuntime().maxMemory() / part);
  }

  /** Returns how many bytes may be kept. */
  public long limitBytes() {
    return limitBytes;
  }

  /** Counts a series; false if that is too much. */
  public boolean add(Labels labels) {
    long size = SERIES_BYTES;
    for (int i = 0; i < labels.size(); i++) {
      size += LABEL_BYTES + length(labels.value(i));
    }
    return add(size);
  }

  /** Counts a text that is kept; false if that is too much. */
  public boolean add(String text) {
    return add(TEXT_BYTES + length(text));
  }

  private boolean add(long size) {
    bytes += size;
    return bytes <= limitBytes;
  }

  private static long length(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return 2L * text.length();
      }
    }
    return text.length();
  }
}
