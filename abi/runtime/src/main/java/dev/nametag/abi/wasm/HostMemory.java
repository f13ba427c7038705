package dev.nametag.abi.wasm;

import dev.nametag.abi.HostBytes;
import org.teavm.interop.Address;
import org.teavm.interop.Export;
import org.teavm.interop.StaticInit;
import org.teavm.interop.Unmanaged;

/**
 * Memory into which the host writes.
 *
 * <p>The host asks for memory through {@code proxy_on_memory_allocate} in the middle of a hostcall.
 * It gets the next part of an arena, which is empty again when the next callback starts, or, if the
 * arena has no room left, a new array that the garbage collector takes back later. So a value of
 * any size can be read, and reading usual ones allocates nothing.
 *
 * <p>Where results are written lies in front of the arena. The arena is the first thing that is
 * allocated in the heap, below everything that the garbage collector could move it for; addresses
 * are nevertheless worked out anew each time.
 */
@StaticInit
final class HostMemory {
  /** Enough for every value of usual requests; Envoy's headers are at most 60 KiB by default. */
  private static final int ARENA_SIZE = 1 << 16;

  private static final int RESULT_POINTER = 0;
  private static final int RESULT_SIZE = 8;
  private static final int RESULT_CAS = 12;
  private static final int ARENA_START = 16;
  private static final int ALIGNMENT = 8;

  /** Behind it lies what may be read beyond a value. */
  private static final int ARENA_END = ARENA_START + ARENA_SIZE;

  /**
   * What a value may have at most that comes with every request; the heap has room for many of them
   * and for what is made of them.
   */
  private static final int MAX_VALUE = 1 << 20;

  private static final byte[] memory = new byte[ARENA_END + ALIGNMENT];
  private static int top = ARENA_START;
  // Whether objects may be moved, as long as a managed hostcall runs.
  private static boolean movable;
  private static boolean lacksRoom;
  // A pinned block that values get whose place in the arena is taken; 0 as long as none is needed.
  private static int room;
  private static int roomSize;
  private static int roomTop;
  private static int wanted;
  // The last array that was given because the arena was full.
  private static byte[] large;

  private HostMemory() {}

  /** Empties the arena; what callers hold of it is no longer theirs. */
  @Unmanaged
  static void reset() {
    top = ARENA_START;
  }

  /** Until {@link #fix} the host may get arrays, for which objects may be moved. */
  static void unfix() {
    movable = true;
  }

  /** From now on no object is moved: what has no room in the arena gets none. So it is at first. */
  static void fix() {
    movable = false;
  }

  /** Returns whether there was too little room, since a callback started or room was made. */
  @Unmanaged
  static boolean lacksRoom() {
    return lacksRoom;
  }

  /**
   * Makes room for all that has been asked for in this callback. What the host has written into an
   * earlier room is gone; what it has written into the arena is not. If there is no memory for it,
   * the earlier room stays as it is, and what was asked for beyond it is not asked for any more.
   */
  static void makeRoom() {
    int size = Math.max(wanted, ARENA_SIZE);
    int address = LinearMemory.allocate(size);
    lacksRoom = false;
    if (address == 0) {
      wanted = roomSize;
      throw new IllegalStateException("no memory for a value of the host's");
    }
    giveBackRoom();
    room = address;
    roomSize = size;
  }

  /** To be called when a callback is at its end that was not content with the arena. */
  static void giveBack() {
    giveBackRoom();
    large = null;
    wanted = 0;
  }

  private static void giveBackRoom() {
    if (room != 0) {
      LinearMemory.free(room, roomSize);
      room = 0;
      roomSize = 0;
    }
    roomTop = 0;
    lacksRoom = false;
  }

  /**
   * Returns where the host may write {@code size} bytes, or null if it may not. The host asks in
   * the middle of hostcalls, for each value it returns, so there is nothing around it.
   */
  @Unmanaged
  @Export(name = "proxy_on_memory_allocate")
  static Address allocate(int size) {
    int start = top;
    int end = start + ((size + ALIGNMENT - 1) & -ALIGNMENT);
    // No size that is smaller overflows.
    if ((size & -ARENA_SIZE) == 0 && end <= ARENA_END) {
      top = end;
      return Address.ofData(memory).add(start);
    }
    return allocateMore(size);
  }

  @Unmanaged
  private static Address allocateMore(int size) {
    if (size < 0) {
      return Address.fromInt(0);
    }
    return movable ? allocateArray(size) : allocateInRoom(size);
  }

  @Unmanaged
  private static Address allocateInRoom(int size) {
    if (size > MAX_VALUE) {
      return Address.fromInt(0);
    }
    int bytes = ((size + ALIGNMENT - 1) & -ALIGNMENT) + ALIGNMENT;
    if (bytes > roomSize - roomTop) {
      wanted += bytes;
      lacksRoom = true;
      return Address.fromInt(0);
    }
    Address address = Address.fromInt(room + roomTop);
    roomTop += bytes;
    return address;
  }

  private static Address allocateArray(int size) {
    try {
      byte[] array = new byte[size];
      large = array;
      return Address.ofData(array);
    } catch (OutOfMemoryError e) {
      return Address.fromInt(0);
    }
  }

  /** Returns where a hostcall is to write the pointer or number that it returns, 8 bytes. */
  @Unmanaged
  static Address resultPointer() {
    return Address.ofData(memory).add(RESULT_POINTER);
  }

  /** Returns where a hostcall is to write the size of what it returns, 4 bytes. */
  @Unmanaged
  static Address resultSize() {
    return Address.ofData(memory).add(RESULT_SIZE);
  }

  /** Returns where a hostcall is to write the number of a change, 4 bytes. */
  @Unmanaged
  static Address resultCas() {
    return Address.ofData(memory).add(RESULT_CAS);
  }

  /** Shows the bytes that the last hostcall returned. */
  static void result(HostBytes value) {
    int pointer = resultPointer().getInt();
    int size = resultSize().getInt();
    // For an empty value Envoy allocates nothing and returns a null pointer.
    if (size == 0) {
      value.set(memory, ARENA_START, 0);
      return;
    }
    int offset = pointer - Address.ofData(memory).toInt();
    if (offset >= ARENA_START && offset < memory.length) {
      value.set(memory, offset, size);
    } else {
      value.set(large, 0, size);
    }
  }
}
