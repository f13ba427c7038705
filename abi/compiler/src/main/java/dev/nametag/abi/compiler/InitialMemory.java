package dev.nametag.abi.compiler;

import dev.nametag.abi.compiler.ModuleCompiler.Options;
import org.teavm.backend.wasm.WasmHeap;

/**
 * Makes a module say that it needs the memory of its first heap, so that a host without so much
 * refuses the module and says why. TeaVM lets it begin with less and takes the rest while it
 * starts. Source: WebAssembly specification 1.0, section 5.5.8 (memory section).
 */
final class InitialMemory {
  private static final int PAGE = 1 << 16;
  private static final int HAS_MAXIMUM = 1;

  private InitialMemory() {}

  /** Returns the same module, whose memory begins with what its start makes of it. */
  static WasmBinary ofHeap(WasmBinary binary, Options options) {
    int growth = withHeap(options.maxHeapBytes()) - withHeap(options.minHeapBytes());
    return binary.with(
        WasmBinary.MEMORY_SECTION,
        section -> {
          WasmReader reader = new WasmReader(section);
          int memories = reader.count();
          int flags = reader.byteValue();
          int initial = reader.unsigned();
          if (memories != 1 || flags != HAS_MAXIMUM) {
            throw new IllegalStateException("not the one memory that TeaVM makes");
          }
          int max = reader.unsigned();
          // Part of a page more, for what is rounded up.
          int needed = Math.min(max, max - growth / PAGE + 1);
          return new WasmWriter()
              .unsigned(1)
              .byteValue(HAS_MAXIMUM)
              .unsigned(Math.max(initial, needed))
              .unsigned(max)
              .toByteArray();
        });
  }

  /** Returns how many bytes TeaVM takes for a heap and its tables. */
  private static int withHeap(int heap) {
    int regions = WasmHeap.calculateRegionsCount(heap, WasmHeap.DEFAULT_REGION_SIZE);
    return heap
        + WasmHeap.calculateRegionsSize(regions)
        + regions
        + WasmHeap.calculateStorageSize(heap);
  }
}
