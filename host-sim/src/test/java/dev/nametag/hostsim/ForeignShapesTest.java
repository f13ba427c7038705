package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Modules in the shapes that compilers and SDKs of other languages give them: what they import,
 * what they export, and where they begin. Each logs its beginning, counts a stream and takes the
 * configuration into memory of its own allocator.
 *
 * <p>Sources: the link options of proxy-wasm-cpp-sdk, proxy-wasm-rust-sdk, proxy-wasm-go-sdk and
 * {@code @solo-io/proxy-runtime}, and what wasm-ld and asc write with them.
 */
class ForeignShapesTest {

  /** What each module has: it defines its counter when it is configured. */
  private static final String FILTER =
      """
      (data (i32.const 64) "shape_calls")
      (data (i32.const 80) "begun")
      (func $begin (drop (call $log (i32.const 2) (i32.const 80) (i32.const 5))))
      (global $heap (mut i32) (i32.const 4096))
      (func $allocate (param i32) (result i32)
        (local $at i32)
        (local.set $at (global.get $heap))
        (global.set $heap (i32.add (global.get $heap) (local.get 0)))
        (local.get $at))
      (func (export "proxy_on_context_create") (param i32 i32))
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (call $define (i32.const 0) (i32.const 64) (i32.const 11) (i32.const 32)))
        (drop (call $buffer (i32.const 7) (i32.const 0) (local.get 1) (i32.const 40) (i32.const 44)))
        (drop (call $log (i32.const 2) (i32.load (i32.const 40)) (i32.load (i32.const 44))))
        (i32.const 1))
      (func (export "proxy_on_log") (param i32)
        (drop (call $increment (i32.load (i32.const 32)) (i64.const 1))))
      """;

  private static final String IMPORTS =
      """
      (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      (import "env" "proxy_define_metric" (func $define (param i32 i32 i32 i32) (result i32)))
      (import "env" "proxy_increment_metric" (func $increment (param i32 i64) (result i32)))
      (import "env" "proxy_get_buffer_bytes"
        (func $buffer (param i32 i32 i32 i32 i32) (result i32)))
      """;

  /** Imports of WASI by name and signature. */
  private static String wasi(String... namesAndSignatures) {
    StringBuilder imports = new StringBuilder();
    for (int i = 0; i < namesAndSignatures.length; i += 2) {
      imports.append(
          "(import \"wasi_snapshot_preview1\" \"%1$s\" (func $%1$s %2$s))%n"
              .formatted(namesAndSignatures[i], namesAndSignatures[i + 1]));
    }
    return imports.toString();
  }

  private static final String I2 = "(param i32 i32) (result i32)";
  private static final String I4 = "(param i32 i32 i32 i32) (result i32)";

  /** emcc -s STANDALONE_WASM --no-entry: constructors run through the table in _initialize. */
  private static final String CPP =
      IMPORTS
          + """
          (import "env" "emscripten_notify_memory_growth" (func $grown (param i32)))
          """
          + wasi(
              "fd_write", I4,
              "fd_seek", "(param i32 i64 i32 i32) (result i32)",
              "fd_close", "(param i32) (result i32)",
              "proc_exit", "(param i32)")
          + """
          (memory (export "memory") 2)
          (table (export "__indirect_function_table") 2 2 funcref)
          (elem (i32.const 1) $begin)
          (func (export "proxy_abi_version_0_2_1"))
          (func (export "_initialize") (call_indirect (i32.const 1)))
          (func (export "malloc") (param i32) (result i32) (call $allocate (local.get 0)))
          (func (export "free") (param i32))
          (func (export "__errno_location") (result i32) (i32.const 16))
          (func (export "stackSave") (result i32) (i32.const 0))
          (func (export "stackRestore") (param i32))
          (func (export "stackAlloc") (param i32) (result i32) (i32.const 0))
          """
          + FILTER;

  /** cargo build --target wasm32-wasip1, proxy_wasm::main!: hash keys and environment from WASI. */
  private static final String RUST =
      IMPORTS
          + wasi(
              "random_get", I2,
              "environ_get", I2,
              "environ_sizes_get", I2,
              "fd_write", I4,
              "proc_exit", "(param i32)")
          + """
          (memory (export "memory") 17)
          (global (export "__data_end") i32 (i32.const 1048576))
          (global (export "__heap_base") i32 (i32.const 1048576))
          (func (export "proxy_abi_version_0_2_1"))
          (func (export "_initialize")
            (drop (call $random_get (i32.const 16) (i32.const 16)))
            (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
            (call $begin))
          (func (export "proxy_on_memory_allocate") (param i32) (result i32)
            (call $allocate (local.get 0)))
          """
          + FILTER;

  /** The same crate for wasm32-unknown-unknown, of older releases of the SDK: _start. */
  private static final String RUST_START =
      IMPORTS
          + """
          (memory (export "memory") 17)
          (func (export "proxy_abi_version_0_2_0"))
          (func (export "_start") (call $begin))
          (func (export "proxy_on_memory_allocate") (param i32) (result i32)
            (call $allocate (local.get 0)))
          """
          + FILTER;

  /** tinygo -target=wasi: _start, its own malloc family, arguments and clock from WASI. */
  private static final String TINYGO =
      IMPORTS
          + wasi(
              "fd_write", I4,
              "clock_time_get", "(param i32 i64 i32) (result i32)",
              "args_sizes_get", I2,
              "args_get", I2,
              "environ_sizes_get", I2,
              "environ_get", I2,
              "random_get", I2,
              "proc_exit", "(param i32)")
          + """
          (memory (export "memory") 2)
          (func (export "proxy_abi_version_0_2_0"))
          (func (export "_start")
            (drop (call $args_sizes_get (i32.const 16) (i32.const 20)))
            (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 16)))
            (call $begin))
          (func (export "malloc") (param i32) (result i32) (call $allocate (local.get 0)))
          (func (export "free") (param i32))
          (func (export "calloc") (param i32 i32) (result i32) (i32.const 0))
          (func (export "realloc") (param i32 i32) (result i32) (i32.const 0))
          (func (export "proxy_on_memory_allocate") (param i32) (result i32)
            (call $allocate (local.get 0)))
          """
          + FILTER;

  /** go build -buildmode=c-shared, GOOS=wasip1: the scheduler needs more of WASI. */
  private static final String GO =
      IMPORTS
          + wasi(
              "sched_yield", "(result i32)",
              "proc_exit", "(param i32)",
              "args_get", I2,
              "args_sizes_get", I2,
              "clock_time_get", "(param i32 i64 i32) (result i32)",
              "environ_get", I2,
              "environ_sizes_get", I2,
              "fd_write", I4,
              "random_get", I2,
              "poll_oneoff", I4,
              "fd_close", "(param i32) (result i32)",
              "fd_read", I4,
              "fd_fdstat_get", I2,
              "fd_fdstat_set_flags", I2,
              "fd_prestat_get", I2,
              "fd_prestat_dir_name", "(param i32 i32 i32) (result i32)",
              "path_open", "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)")
          + """
          (memory (export "memory") 2)
          (func (export "proxy_abi_version_0_2_0"))
          (func (export "_initialize")
            (drop (call $fd_fdstat_get (i32.const 1) (i32.const 128)))
            (drop (call $fd_prestat_get (i32.const 3) (i32.const 128)))
            (drop (call $random_get (i32.const 128) (i32.const 8)))
            (call $begin))
          (func (export "proxy_on_memory_allocate") (param i32) (result i32)
            (call $allocate (local.get 0)))
          """
          + FILTER;

  /** asc --use abort=abort_proc_exit: a start section, in which nothing is called. */
  private static final String ASSEMBLYSCRIPT =
      IMPORTS
          + """
          (import "wasi_unstable" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (global (export "__rtti_base") i32 (i32.const 512))
          (func $registered (i32.store (i32.const 16) (i32.const 1)))
          (start $registered)
          (func (export "proxy_abi_version_0_2_0"))
          (func (export "__alloc") (param i32 i32) (result i32) (i32.const 0))
          (func (export "__retain") (param i32) (result i32) (local.get 0))
          (func (export "__release") (param i32))
          (func (export "malloc") (param i32) (result i32) (call $allocate (local.get 0)))
          (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
            (if (i32.load (i32.const 16)) (then (call $begin)))
            (i32.const 1))
          """
          + FILTER;

  enum Shape {
    CPP_SDK(CPP),
    RUST_SDK(RUST),
    RUST_SDK_WITH_START(RUST_START),
    TINYGO_SDK(TINYGO),
    ASSEMBLYSCRIPT_SDK(ASSEMBLYSCRIPT);

    private final String text;

    Shape(String text) {
      this.text = text;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShapeThatLoadsInTheOldestReleaseLoadsInAll(Shape shape) {
    for (EnvoyVersion version :
        List.of(EnvoyVersion.V1_28, EnvoyVersion.V1_33, EnvoyVersion.V1_39)) {
      runs(shape.text, version);
    }
  }

  @Test
  void goLoadsOnceItsSchedulerFindsItsImports() {
    assertThatThrownBy(() -> runs(GO, EnvoyVersion.V1_28))
        .isInstanceOf(ModuleLoadException.class)
        .hasMessage(
            "Failed to load Wasm module due to a missing import:"
                + " wasi_snapshot_preview1.sched_yield");

    runs(GO, EnvoyVersion.V1_33);
    runs(GO, EnvoyVersion.V1_39);
  }

  @Test
  void assemblyScriptWithItsUsualAbortIsRefusedAsByEnvoy() {
    String usual =
        ASSEMBLYSCRIPT.replace(
            "\"wasi_unstable\" \"proc_exit\" (func $exit (param i32))",
            "\"env\" \"abort\" (func $exit (param i32 i32 i32 i32))");

    assertThatThrownBy(() -> runs(usual, EnvoyVersion.V1_39))
        .hasMessage("Failed to load Wasm module due to a missing import: env.abort");
  }

  /** What wasm-ld makes of a library without _initialize: each export runs the constructors. */
  @Test
  void aCommandThatAsksForTheEnvironmentWhileItAllocatesTraps() {
    String command =
        RUST.replace("\"_initialize\"", "\"unused\"")
            .replace(
                "(call $allocate (local.get 0)))\n",
                """
                (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
                (call $allocate (local.get 0)))
                """);

    assertThatThrownBy(() -> runs(command, EnvoyVersion.V1_28))
        .isInstanceOf(ConfigurationRejectedException.class)
        .hasMessageContaining("restricted_callback");
  }

  private static void runs(String text, EnvoyVersion version) {
    byte[] module = Wat2Wasm.parse("(module\n" + text + ")");
    try (SimulatedEnvoy envoy =
        Engines.envoy()
            .module(module)
            .envoyVersion(version)
            .pluginConfiguration("hello".getBytes(UTF_8))
            .start()) {
      envoy.run(StreamScenario.builder().build());

      assertThat(envoy.stats().counter("wasmcustom.shape_calls")).hasValue(1);
      // Only what the base VM, which is not configured, does in _initialize or _start comes alone.
      assertThat(Guests.logged(envoy)).endsWith("begun", "hello").contains("hello");
    }
  }
}
