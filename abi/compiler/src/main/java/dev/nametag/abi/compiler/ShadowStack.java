package dev.nametag.abi.compiler;

import dev.nametag.abi.wasm.Pins;
import dev.nametag.abi.wasm.RuntimeSupport;
import org.teavm.backend.wasm.WasmHeap;
import org.teavm.interop.Address;
import org.teavm.interop.Unmanaged;
import org.teavm.runtime.ExceptionHandling;

/**
 * TeaVM's stack of frames, in which the garbage collector finds references and exceptions find
 * handlers. This class is compiled into modules: {@link RuntimeTransformer} puts its method in the
 * place of TeaVM's.
 *
 * <p>A frame is the number of the current call site, the references, and their count. The stack has
 * 256 KiB; the heap lies behind it.
 */
final class ShadowStack {
  private static final int WORD = 4;

  private ShadowStack() {}

  /**
   * Returns a new frame for so many references.
   *
   * <p>Other than TeaVM's own method it gives the frame call site 0, as {@link Compactor} needs it,
   * and does not let the stack run into the heap: that is logged and a trap, since what a callback
   * had begun could not be undone any more.
   */
  @Unmanaged
  static Address allocStack(int size) {
    Address frame = WasmHeap.stack.add(WORD);
    Address top = frame.add((size + 1) * WORD);
    if (WasmHeap.heapAddress.isLessThan(top.add(WORD))) {
      WasmHeap.stack = WasmHeap.stackAddress;
      RuntimeSupport.printStackOverflow();
      ExceptionHandling.abort();
    }
    frame.putInt(0);
    top.putInt(size);
    WasmHeap.stack = top;
    return frame;
  }

  /**
   * Returns the top frame, or null if there is none. Other than in TeaVM's own method the walk over
   * the frames ends with the one of {@link Pins}.
   */
  @Unmanaged
  static Address getStackTop() {
    return WasmHeap.stack != WasmHeap.stackAddress ? WasmHeap.stack : Pins.frame();
  }

  /** Returns the frame below another one, or null if there is none. */
  @Unmanaged
  static Address getNextStackFrame(Address frame) {
    if (frame == Pins.frame()) {
      return null;
    }
    Address next = frame.add(-(frame.getInt() + 2) * WORD);
    return next == WasmHeap.stackAddress ? Pins.frame() : next;
  }
}
