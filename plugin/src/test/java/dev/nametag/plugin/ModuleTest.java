package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import org.junit.jupiter.api.Test;

/** What the module asks of a host, and what it weighs. */
class ModuleTest {
  /** See docs/decisions/0013-size-and-start.md. */
  private static final int MAX_BYTES = 300 << 10;

  private final WasmModule module = Parser.parse(NametagModule.bytes());

  @Test
  void itImportsHostcallsAndTheEnvironmentOnly() {
    assertThat(module.importSection().stream())
        .isNotEmpty()
        .allMatch(
            wanted ->
                wanted.module().equals("env")
                    ? wanted.name().startsWith("proxy_")
                    : wanted.module().equals("wasi_snapshot_preview1")
                        && wanted.name().matches("environ_(sizes_)?get"));
  }

  @Test
  void itExportsItsMemoryItsStartAndCallbacksOnly() {
    assertThat(module.exportSection().exportCount()).isPositive();
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      assertThat(module.exportSection().getExport(i).name()).matches("memory|_start|proxy_.+");
    }
  }

  @Test
  void itHasTheSizeThatWasAgreedOn() {
    assertThat(NametagModule.bytes().length).isLessThanOrEqualTo(MAX_BYTES);
  }
}
