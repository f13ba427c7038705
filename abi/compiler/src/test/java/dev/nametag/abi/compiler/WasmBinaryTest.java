package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nametag.abi.compiler.samples.GoodFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WasmBinaryTest {
  private static final byte[] EMPTY = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @Test
  void aModuleWithoutSectionsHasNothing() {
    WasmBinary module = new WasmBinary(EMPTY);

    assertThat(module.imports()).isEmpty();
    assertThat(module.exports()).isEmpty();
    assertThat(module.withExports(name -> true).toByteArray()).isEqualTo(EMPTY);
  }

  @Test
  void keepingAllExportsChangesNothing() {
    byte[] module = Samples.module(GoodFilter.class);

    assertThat(new WasmBinary(module).withExports(name -> true).toByteArray()).isEqualTo(module);
  }

  @Test
  void exportsAreLeftOutByName() {
    WasmBinary module = new WasmBinary(Samples.module(GoodFilter.class));

    WasmBinary stripped = module.withExports(name -> name.equals("memory"));

    assertThat(stripped.exports()).containsExactly(new WasmBinary.Export("memory", "memory", 0));
    assertThat(stripped.imports()).isEqualTo(module.imports());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0asm", "\0asm\1\0\0", "\0asm\2\0\0\0", "not wasm at all"})
  void whatIsNoModuleIsRefused(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> new WasmBinary(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a WebAssembly 1.0 module");
  }

  @Test
  void aModuleThatIsCutOffIsRefusedOrHasLessButNeverFailsOtherwise() {
    byte[] module = Samples.module(GoodFilter.class);
    for (int length = 0; length < module.length; length += length < 2_000 ? 1 : 997) {
      assertReadable(Arrays.copyOf(module, length));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aModuleWithWrongBytesIsRefusedOrReadButNeverFailsOtherwise(long seed) {
    byte[] module = Arrays.copyOf(Samples.module(GoodFilter.class), 3_000);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] broken = module.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        broken[random.nextInt(1_000)] = (byte) random.nextInt();
      }
      assertReadable(broken);
    }
  }

  private static void assertReadable(byte[] bytes) {
    Throwable thrown =
        catchThrowable(
            () -> {
              WasmBinary module = new WasmBinary(bytes);
              module.imports();
              module.exports();
              module.withExports(Border::allowsExport);
              Compactor.compact(module, true);
            });
    if (thrown != null) {
      assertThat(thrown).isExactlyInstanceOf(IllegalArgumentException.class);
    }
  }
}
