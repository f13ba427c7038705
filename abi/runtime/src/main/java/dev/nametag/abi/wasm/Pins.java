package dev.nametag.abi.wasm;

import org.teavm.interop.Address;
import org.teavm.interop.StaticInit;
import org.teavm.interop.Unmanaged;

/**
 * Objects that the garbage collector neither takes nor moves: those in a frame that always lies
 * below all others of TeaVM's shadow stack, as it seems to the collector, which never moves what a
 * running method holds. The compiler makes the walk over the stack end there.
 *
 * <p>The frame has the form of all frames: a call site, which is 0, the references, their count. It
 * grows by moving the count.
 */
@StaticInit
public final class Pins {
  private static final int MAX_PINS = 2048;
  private static final int WORD = 4;

  // Among the first objects in the heap, which nothing can move.
  private static final byte[] frame = new byte[(MAX_PINS + 2) * WORD];
  private static int count;

  private Pins() {}

  /** Returns the frame as the shadow stack counts frames, by where their count lies. */
  @Unmanaged
  public static Address frame() {
    return count == 0 ? Address.fromInt(0) : slot(count);
  }

  @Unmanaged
  private static Address slot(int index) {
    return Address.ofData(frame).add((index + 1) * WORD);
  }

  /** Returns whether there was room for one more. */
  static boolean add(Address object) {
    if (count == MAX_PINS) {
      return false;
    }
    slot(count).putInt(object.toInt());
    count++;
    slot(count).putInt(count);
    return true;
  }

  /** Returns how many bytes lie before the elements of an array. */
  @Unmanaged
  static int headerOfArrays() {
    return Address.ofData(frame).toInt() - Address.ofObject(frame).toInt();
  }

  static void remove(Address object) {
    int index = count - 1;
    while (slot(index).getInt() != object.toInt()) {
      index--;
    }
    count--;
    slot(index).putInt(slot(count).getInt());
    slot(count).putInt(count);
  }
}
