package dev.nametag.hostsim.hostcall;

/**
 * Which hostcalls a module may make now; any other one traps.
 *
 * <p>Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::startVm and WasmBase::allocMemory.
 */
enum Restriction {
  /** All of them. */
  NONE,
  /**
   * None: while the start section runs, the host has not got hold of the memory yet. That they trap
   * is ours; Envoy may crash, which is derived from proxy-wasm-cpp-host src/v8/v8.cc, V8::link.
   */
  START_SECTION,
  /** Those allowed in {@code _initialize}, {@code main} and {@code _start}. */
  START_UP,
  /** Those allowed in {@code malloc} and {@code proxy_on_memory_allocate}. */
  ALLOCATION;

  boolean allows(String function, boolean wasi, EnvoyVersion version) {
    return switch (this) {
      case NONE -> true;
      case START_SECTION -> false;
      case START_UP -> version.allowsInStartUp(function, wasi);
      case ALLOCATION -> version.allowsInAllocation(function);
    };
  }
}
