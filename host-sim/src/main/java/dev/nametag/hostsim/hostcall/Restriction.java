package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.Set;

/**
 * Which hostcalls a module may make now; any other one traps.
 *
 * <p>Source: proxy-wasm-cpp-host src/wasm.cc, WasmBase::startVm and WasmBase::allocMemory.
 */
enum Restriction {
  /** All of them. */
  NONE,
  /**
   * Those that look neither at the memory, which the host has not got hold of yet, nor at a
   * context, as there is none. Nothing is restricted in Envoy then, but others crash it, which is
   * derived from proxy-wasm-cpp-host src/v8/v8.cc, V8::link, and src/exports.cc; here they trap.
   */
  START_SECTION,
  /** Those allowed in {@code _initialize}, {@code main} and {@code _start}. */
  START_UP,
  /** Those allowed in {@code malloc} and {@code proxy_on_memory_allocate}. */
  ALLOCATION;

  private static final Set<String> IN_START_SECTION =
      Set.of(
          "pthread_equal",
          "emscripten_notify_memory_growth",
          "args_get",
          "fd_read",
          "path_open",
          "fd_prestat_get",
          "fd_prestat_dir_name",
          "fd_fdstat_set_flags",
          "sched_yield");

  private static final Set<String> IN_START_UP =
      Set.of(
          "proxy_log",
          "fd_write",
          "args_sizes_get",
          "args_get",
          "environ_sizes_get",
          "environ_get",
          "fd_prestat_get",
          "fd_prestat_dir_name",
          "clock_time_get",
          "random_get");

  private static final Set<String> IN_START_UP_FROM_1_33 =
      Set.of("fd_fdstat_get", "fd_fdstat_set_flags");

  private static final Set<String> IN_ALLOCATION =
      Set.of("proxy_log", "fd_write", "clock_time_get");

  boolean allows(String function, boolean wasi, EnvoyVersion version) {
    return switch (this) {
      case NONE -> true;
      case START_SECTION -> IN_START_SECTION.contains(function) || WasiStubs.has(function);
      case START_UP -> inStartUp(function, wasi, version);
      case ALLOCATION ->
          IN_ALLOCATION.contains(function)
              || (version.atLeast(EnvoyVersion.V1_39) && function.equals("poll_oneoff"));
    };
  }

  private static boolean inStartUp(String function, boolean wasi, EnvoyVersion version) {
    return IN_START_UP.contains(function)
        || (version.atLeast(EnvoyVersion.V1_33) && IN_START_UP_FROM_1_33.contains(function))
        || (version.atLeast(EnvoyVersion.V1_38)
            && function.equals("emscripten_notify_memory_growth"))
        || (version.atLeast(EnvoyVersion.V1_39) && wasi && !function.equals("proc_exit"));
  }
}
