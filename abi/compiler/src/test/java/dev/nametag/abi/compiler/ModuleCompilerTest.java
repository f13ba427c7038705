package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.abi.compiler.samples.GoodFilter;
import dev.nametag.abi.compiler.samples.MissingMethodFilter;
import dev.nametag.abi.compiler.samples.NanoTimeFilter;
import dev.nametag.abi.compiler.samples.SqrtFilter;
import dev.nametag.abi.compiler.samples.SurpriseFilter;
import dev.nametag.abi.compiler.samples.ThrowingFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleCompilerTest {
  private static final String SAMPLES = "dev.nametag.abi.compiler.samples.";

  @TempDir private Path folder;

  @Test
  void aModuleImportsHostcallsAndTheEnvironmentOnly() {
    WasmBinary module = new WasmBinary(Samples.module(GoodFilter.class));

    assertThat(module.imports())
        .extracting(WasmBinary.Import::toString)
        .contains("env.proxy_log", "env.proxy_get_current_time_nanoseconds")
        .allMatch(
            name ->
                name.startsWith("env.proxy_")
                    || name.startsWith("wasi_snapshot_preview1.environ_"));
  }

  @Test
  void aModuleExportsCallbacksMemoryAndStart() {
    WasmBinary module = new WasmBinary(Samples.module(GoodFilter.class));

    assertThat(module.exports())
        .extracting(WasmBinary.Export::name)
        .containsExactlyInAnyOrder(
            "memory",
            "_start",
            "proxy_abi_version_0_2_1",
            "proxy_on_memory_allocate",
            "proxy_on_context_create",
            "proxy_on_vm_start",
            "proxy_on_configure",
            "proxy_on_log",
            "proxy_on_delete");
  }

  @Test
  void aFilterThatIsAskedWhetherItIsDoneExportsThatToo() {
    WasmBinary module = new WasmBinary(Samples.module(ThrowingFilter.class));

    assertThat(module.exports()).extracting(WasmBinary.Export::name).contains("proxy_on_done");
  }

  @Test
  void theSameClassesGiveTheSameBytes() {
    assertThat(Samples.compiler(GoodFilter.class).compile())
        .isEqualTo(Samples.module(GoodFilter.class));
  }

  @Test
  void aModuleWithNamesForDebuggingIsAModuleToo() {
    ModuleCompiler.Options debug = new ModuleCompiler.Options(2, 64, true);
    byte[] bytes =
        new ModuleCompiler(GoodFilter.class.getName(), Samples.classPath(), debug).compile();

    assertThat(new WasmBinary(bytes).exports())
        .isNotEmpty()
        .allMatch(export -> Border.allowsExport(export.name()));
    assertThat(bytes.length).isGreaterThan(Samples.module(GoodFilter.class).length);
  }

  @Test
  void theSizeOfWhatWasWrittenIsReturned() throws Exception {
    Path output = folder.resolve("new/folder/filter.wasm");

    int size = Samples.compiler(GoodFilter.class).compileTo(output);

    assertThat(output).hasBinaryContent(Samples.module(GoodFilter.class));
    assertThat(Files.size(output)).isEqualTo(size);
  }

  @Test
  void anImportThatNoHostHasIsRefusedWithTheCallsThatReachIt() {
    Path output = folder.resolve("filter.wasm");

    assertThatThrownBy(() -> Samples.compiler(SqrtFilter.class).compileTo(output))
        .isInstanceOf(CompilationException.class)
        .hasMessageContaining("import teavmMath.sqrt: no host has it; reached by ")
        .hasMessageContaining(SAMPLES + "SqrtFilter.distance → java.lang.Math.sqrt");
    assertThat(output).doesNotExist();
  }

  @Test
  void aClockThatNoHostHasIsRefusedWithTheCallsThatReachIt() {
    assertThatThrownBy(() -> Samples.compiler(NanoTimeFilter.class).compile())
        .isInstanceOf(CompilationException.class)
        .hasMessageContaining("import teavm.nanoTime: no host has it; reached by ")
        .hasMessageContaining("java.lang.System.nanoTime");
  }

  @Test
  void anExportThatNoHostCallsIsRefusedWithTheMethodThatMakesIt() {
    Path output = folder.resolve("filter.wasm");

    assertThatThrownBy(() -> Samples.compiler(SurpriseFilter.class).compileTo(output))
        .isInstanceOf(CompilationException.class)
        .hasMessage(
            "export surprise: no host calls it; made by "
                + SAMPLES
                + "SurpriseFilter.nobodyCallsThis");
    assertThat(output).doesNotExist();
  }

  @Test
  void aMethodThatTheClassLibraryLacksIsRefusedWithTheMethodThatReachesIt() {
    Path output = folder.resolve("filter.wasm");

    assertThatThrownBy(() -> Samples.compiler(MissingMethodFilter.class).compileTo(output))
        .isInstanceOf(CompilationException.class)
        .hasMessageContaining("nameUUIDFromBytes")
        .hasMessageContaining("reached by " + SAMPLES + "MissingMethodFilter.name");
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no.such.Filter", "java.lang.Integer"})
  void aClassWithoutMainIsRefused(String mainClass) {
    ModuleCompiler compiler =
        new ModuleCompiler(mainClass, Samples.classPath(), ModuleCompiler.Options.DEFAULT);

    assertThatThrownBy(compiler::compile)
        .isInstanceOf(CompilationException.class)
        .hasMessageContaining(mainClass);
  }
}
