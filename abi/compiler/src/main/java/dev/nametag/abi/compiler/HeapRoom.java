package dev.nametag.abi.compiler;

import org.teavm.interop.Address;
import org.teavm.interop.StaticInit;
import org.teavm.interop.Unmanaged;
import org.teavm.runtime.ExceptionHandling;
import org.teavm.runtime.RuntimeArray;
import org.teavm.runtime.RuntimeClass;

/**
 * Looks for room in the heap before an object is made, so that a full heap is an {@link
 * OutOfMemoryError}. TeaVM's own allocator ends in a trap, and code does not look for an exception
 * behind it. This class is compiled into modules; {@link RoomChecks} puts the calls there.
 */
@StaticInit
final class HeapRoom {
  /** For the few small objects that the compiler makes without asking, such as lambdas. */
  private static final int SLACK = 128;

  /** An array has a header of 12 bytes, and 4 where its elements take 8. */
  private static final int ARRAY_HEADER = 16;

  /** Bytes of a free piece's header, which must stay behind each object. */
  private static final int CHUNK_HEADER = 8;

  private static final int WORD = 4;

  /**
   * What is asked for beyond what is needed when the heap is to grow: the collector rounds its
   * size, and a free piece that is larger by less than a piece's header is of no use to it.
   */
  private static final int MARGIN = 64;

  /** An array with a count that has any of these bits is larger than any heap, or negative. */
  private static final int TOO_MANY = -(1 << 26);

  /** For an exception of the runtime's, with what its constructor makes. */
  private static final int EXCEPTION = 512;

  // Made while there is room.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static final OutOfMemoryError NO_ROOM = new OutOfMemoryError();

  private HeapRoom() {}

  /** Throws if there is no room for an object of so many bytes. */
  @Unmanaged
  static void throwIfNoRoom(int bytes) {
    if (!hasRoom(bytes)) {
      ExceptionHandling.throwException(NO_ROOM);
    }
  }

  /** Throws if there is no room for an array, or if its length is negative. */
  @Unmanaged
  static void throwIfNoRoomForArray(int length, int elementBytes) {
    if ((length & TOO_MANY) != 0 || !hasRoom(ARRAY_HEADER + length * elementBytes)) {
      ExceptionHandling.throwException(NO_ROOM);
    }
  }

  /** Throws if there is no room for a copy of an object or an array. */
  @Unmanaged
  static void throwIfNoRoomForCopy(Object copied) {
    if (copied != null && !hasRoom(bytesOf(copied))) {
      ExceptionHandling.throwException(NO_ROOM);
    }
  }

  @Unmanaged
  private static int bytesOf(Object object) {
    RuntimeArray array = Address.ofObject(object).toStructure();
    RuntimeClass cls = RuntimeClass.getClass(array);
    RuntimeClass elements = cls.itemType;
    if (elements == null) {
      return cls.size;
    }
    boolean primitive = (elements.flags & RuntimeClass.PRIMITIVE) != 0;
    return ARRAY_HEADER + array.size * (primitive ? elements.size : WORD);
  }

  // What the runtime itself throws. It must not fail in the middle of that.

  @Unmanaged
  static void throwNullPointerException() {
    ExceptionHandling.throwException(hasRoom(EXCEPTION) ? new NullPointerException() : NO_ROOM);
  }

  @Unmanaged
  static void throwArrayIndexOutOfBoundsException() {
    ExceptionHandling.throwException(
        hasRoom(EXCEPTION) ? new ArrayIndexOutOfBoundsException() : NO_ROOM);
  }

  @Unmanaged
  static void throwClassCastException() {
    ExceptionHandling.throwException(hasRoom(EXCEPTION) ? new ClassCastException() : NO_ROOM);
  }

  /** Modules have no stack traces: with shared call sites they would say nothing. */
  @Unmanaged
  static StackTraceElement[] fillStackTrace() {
    return null;
  }

  @Unmanaged
  private static boolean hasRoom(int bytes) {
    int wanted = ((bytes + WORD - 1) & -WORD) + SLACK;
    return Collector.currentChunk.add(wanted + CHUNK_HEADER).isLessThan(Collector.currentChunkLimit)
        || makesRoom(wanted + CHUNK_HEADER + WORD);
  }

  @Unmanaged
  private static boolean makesRoom(int size) {
    if (Collector.getNextChunkIfPossible(size)) {
      return true;
    }
    Collector.collectGarbageImpl(size + MARGIN);
    if (Collector.hasAvailableMemory(size)) {
      return true;
    }
    Collector.collectGarbageFullImpl(size + MARGIN);
    if (Collector.hasAvailableMemory(size)) {
      return true;
    }
    // The walk over the free pieces is at its end, of which the collector does not come back. The
    // last piece stays the current one, for smaller objects.
    Address last = Collector.currentChunk;
    Collector.currentChunkLimit = last.add(last.add(WORD).getInt());
    Collector.freeChunks = 1;
    return false;
  }
}
