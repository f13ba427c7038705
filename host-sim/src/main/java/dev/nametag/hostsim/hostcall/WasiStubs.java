package dev.nametag.hostsim.hostcall;

import java.util.List;

/**
 * The rest of WASI preview 1, which can be imported from Envoy 1.39 on and never does anything.
 *
 * <p>Source of the list: proxy-wasm-cpp-host include/proxy-wasm/exports.h, FOR_ALL_WASI_FUNCTIONS.
 * That each of them answers ENOTSUP is derived: some answer EBADF or ENOTDIR there.
 */
final class WasiStubs {

  private static final int ENOTSUP = 58;

  private static final List<Row> TABLE =
      List.of(
          new Row("fd_advise", "i32 i64 i64 i32 -> i32"),
          new Row("fd_allocate", "i32 i64 i64 -> i32"),
          new Row("fd_datasync", "i32 -> i32"),
          new Row("fd_fdstat_set_rights", "i32 i64 i64 -> i32"),
          new Row("fd_filestat_get", "i32 i32 -> i32"),
          new Row("fd_filestat_set_size", "i32 i64 -> i32"),
          new Row("fd_filestat_set_times", "i32 i64 i64 i32 -> i32"),
          new Row("fd_pread", "i32 i32 i32 i64 i32 -> i32"),
          new Row("fd_pwrite", "i32 i32 i32 i64 i32 -> i32"),
          new Row("fd_readdir", "i32 i32 i32 i64 i32 -> i32"),
          new Row("fd_renumber", "i32 i32 -> i32"),
          new Row("fd_sync", "i32 -> i32"),
          new Row("fd_tell", "i32 i32 -> i32"),
          new Row("path_create_directory", "i32 i32 i32 -> i32"),
          new Row("path_filestat_get", "i32 i32 i32 i32 i32 -> i32"),
          new Row("path_filestat_set_times", "i32 i32 i32 i32 i64 i64 i32 -> i32"),
          new Row("path_link", "i32 i32 i32 i32 i32 i32 i32 -> i32"),
          new Row("path_readlink", "i32 i32 i32 i32 i32 i32 -> i32"),
          new Row("path_remove_directory", "i32 i32 i32 -> i32"),
          new Row("path_rename", "i32 i32 i32 i32 i32 i32 -> i32"),
          new Row("path_symlink", "i32 i32 i32 i32 i32 -> i32"),
          new Row("path_unlink_file", "i32 i32 i32 -> i32"),
          new Row("proc_raise", "i32 -> i32"),
          new Row("sock_accept", "i32 i32 i32 -> i32"),
          new Row("sock_recv", "i32 i32 i32 i32 i32 i32 -> i32"),
          new Row("sock_send", "i32 i32 i32 i32 i32 -> i32"),
          new Row("sock_shutdown", "i32 i32 -> i32"));

  private WasiStubs() {}

  private record Row(String name, String signature) {}

  static boolean has(String function) {
    return TABLE.stream().anyMatch(row -> row.name().equals(function));
  }

  static void register(HostFunctions functions) {
    for (Row row : TABLE) {
      functions.wasi(row.name(), row.signature(), a -> ENOTSUP);
    }
  }
}
