package dev.nametag.hostsim.hostcall;

import java.util.Set;

/**
 * The releases of Envoy among which modules see a difference; each stands for itself and the
 * releases after it, up to the next constant.
 *
 * <p>Source: proxy-wasm-cpp-host as pinned in each release's bazel/repository_locations.bzl:
 * include/proxy-wasm/exports.h and src/wasm.cc.
 */
public enum EnvoyVersion {
  /** 1.28 to 1.32, all of whose imports every later release has. */
  V1_28,
  /** 1.33 to 1.37: more of WASI, more of it in the initialisation. */
  V1_33,
  /** 1.38: memory may grow in the initialisation. */
  V1_38,
  /** 1.39 and later: all of WASI preview 1, {@code __main_void}. */
  V1_39;

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

  private static final Set<String> IN_ALLOCATION =
      Set.of("proxy_log", "fd_write", "clock_time_get");

  /** Whether it is that release or a later one. */
  public boolean atLeast(EnvoyVersion other) {
    return compareTo(other) >= 0;
  }

  /** Whether a function may be called in {@code _initialize}, {@code main} and {@code _start}. */
  boolean allowsInStartUp(String function, boolean wasi) {
    return IN_START_UP.contains(function)
        || (atLeast(V1_33) && Set.of("fd_fdstat_get", "fd_fdstat_set_flags").contains(function))
        || (atLeast(V1_38) && function.equals("emscripten_notify_memory_growth"))
        || (atLeast(V1_39) && wasi && !function.equals("proc_exit"));
  }

  /** Whether a function may be called while the module allocates memory for the host. */
  boolean allowsInAllocation(String function) {
    return IN_ALLOCATION.contains(function) || (atLeast(V1_39) && function.equals("poll_oneoff"));
  }
}
