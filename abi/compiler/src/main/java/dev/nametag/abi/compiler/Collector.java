package dev.nametag.abi.compiler;

import org.teavm.interop.Address;

/**
 * What {@link HeapRoom} uses of TeaVM's garbage collector and other classes do not see: {@link
 * RuntimeTransformer} puts {@code org.teavm.runtime.GC} in the place of this class. Source: TeaVM
 * 0.13.1, {@code GC}.
 */
final class Collector {
  /** Where the next object goes. */
  static Address currentChunk;

  /** Where the free memory ends that the next object is taken from. */
  static Address currentChunkLimit;

  /** How many pieces of free memory there are from this one on. */
  static int freeChunks;

  private Collector() {}

  /** Goes to the next piece of free memory that has room; false if it came to the end. */
  static native boolean getNextChunkIfPossible(int size);

  /** Takes back young objects, and asks for memory if that does not make room. */
  static native void collectGarbageImpl(int size);

  /** Takes back all objects that nobody has, and asks for memory if that does not make room. */
  static native void collectGarbageFullImpl(int size);

  /** Right after a collection: returns whether there is room. */
  static native boolean hasAvailableMemory(int size);
}
