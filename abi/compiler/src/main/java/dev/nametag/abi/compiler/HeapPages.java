package dev.nametag.abi.compiler;

import org.teavm.backend.wasm.WasmHeap;
import org.teavm.backend.wasm.WasmRuntime;
import org.teavm.interop.Address;
import org.teavm.interop.Unmanaged;
import org.teavm.runtime.ExceptionHandling;

/**
 * Asks the host for memory and looks at its answer, which TeaVM's own heap does not: it would go on
 * as if it had the memory. This class is compiled into modules; {@link RuntimeTransformer} makes
 * TeaVM's classes call it.
 */
final class HeapPages {
  private static final int PAGE_SHIFT = 16;
  private static final int ALIGNMENT = 16;

  /** What the heap grows by at least, in bytes. */
  private static final int MIN_STEP = 1 << PAGE_SHIFT;

  private static final int REFUSED = -1;

  private HeapPages() {}

  /**
   * Returns the size in bytes that the heap is to grow to: what is wanted, or else as much of it as
   * the host grants, after having got the memory for it; at worst the size that it has.
   */
  @Unmanaged
  static long granted(long wanted, long max) {
    int size = wanted < max ? (int) wanted + 7 & -8 : (int) max;
    int had = WasmHeap.heapSize;
    while (size > had && !hasPages(pagesFor(size))) {
      int step = (size - had) / 2 & -8;
      size = step < MIN_STEP ? had : had + step;
    }
    return size > had ? size : had;
  }

  /** The heap takes pages that it has been granted, or, when the module starts, its first ones. */
  @Unmanaged
  static void growMemory(int pages) {
    if (!hasPages((WasmHeap.memoryLimit.toInt() >>> PAGE_SHIFT) + pages)) {
      ExceptionHandling.abort();
    }
  }

  /** Returns how many pages a module has whose heap is so large. */
  @Unmanaged
  private static int pagesFor(int heapSize) {
    int regions = WasmHeap.calculateRegionsCount(heapSize, WasmHeap.regionSize);
    Address end = behind(WasmHeap.heapAddress, heapSize);
    end = behind(end, WasmHeap.calculateRegionsSize(regions));
    end = behind(end, regions);
    end = end.add(WasmHeap.calculateStorageSize(heapSize));
    return (end.toInt() + (1 << PAGE_SHIFT) - 1) >>> PAGE_SHIFT;
  }

  @Unmanaged
  private static Address behind(Address start, int size) {
    return WasmRuntime.align(start.add(size), ALIGNMENT);
  }

  @Unmanaged
  private static boolean hasPages(int pages) {
    int missing = pages - grow(0);
    return missing <= 0 || grow(missing) != REFUSED;
  }

  /** The instruction {@code memory.grow}; see {@link MemoryGrow}. */
  @Unmanaged
  static native int grow(int pages);
}
