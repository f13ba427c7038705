package dev.nametag.hostsim.v8;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.HostImport;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.ModuleBuilder;
import dev.nametag.plugin.NametagModule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What an engine must keep to, on V8; Chicory's answers are the expected ones where both can say.
 */
class V8EngineTest {

  private static EngineKind v8;

  @BeforeAll
  static void findV8() {
    v8 = V8Engine.orMissing();
  }

  @Test
  void theRegisteredEngineIsTheOneUnderTest() {
    assertThat(Engines.underTest()).isInstanceOf(V8Engine.class);
    assertThat(Engines.all()).hasSize(1);
  }

  @Test
  void importsAndExportsAreThoseThatChicorySees() {
    try (LoadedModule inV8 = Engine.load(NametagModule.bytes(), v8);
        LoadedModule inChicory = Engine.load(NametagModule.bytes(), EngineKind.INTERPRETER)) {
      assertThat(inV8.imports()).isEqualTo(inChicory.imports());
      assertThat(inV8.exports()).isEqualTo(inChicory.exports());
    }
  }

  @Test
  void anI64CrossesWithAllItsBits() {
    List<Long> seen = new ArrayList<>();
    try (LoadedModule module =
        Engine.load(
            new ModuleBuilder()
                .function(
                    "proxy_on_log",
                    "i32 -> void",
                    code ->
                        code.call("proxy_increment_metric", 7, Long.MIN_VALUE)
                            .drop()
                            .call("proxy_increment_metric", -1, 0x0123_4567_89AB_CDEFL)
                            .drop())
                .build(),
            v8)) {
      Instance instance = started(module, "proxy_increment_metric", "i32 i64 -> i32", seen);

      instance.function("proxy_on_log").orElseThrow().call(1);
    }
    assertThat(seen).containsExactly(7L, Long.MIN_VALUE, -1L, 0x0123_4567_89AB_CDEFL);
  }

  @Test
  void memoryIsReadAndWrittenInLittleEndian() {
    try (LoadedModule module = Engine.load(new ModuleBuilder().build(), v8)) {
      Instance instance = module.instantiate(List.of());
      instance.start();

      instance.memory().writeLong(8, 0x0102030405060708L);
      instance.memory().writeInt(16, 0x0A0B0C0D);
      instance.memory().write(20, "abc".getBytes(UTF_8));

      assertThat(instance.memory().size()).isEqualTo(65_536);
      assertThat(instance.memory().read(8, 15))
          .containsExactly(8, 7, 6, 5, 4, 3, 2, 1, 13, 12, 11, 10, 'a', 'b', 'c');
      assertThat(instance.memory().readInt(12)).isEqualTo(0x01020304);
    }
  }

  @Test
  void theHostSeesAMemoryThatHasGrownInTheMiddleOfACall() {
    List<Long> sizes = new ArrayList<>();
    try (LoadedModule module =
        Engine.load(
            new ModuleBuilder()
                .function(
                    "grow",
                    "void -> void",
                    code -> code.growMemory(1).drop().call("proxy_done").drop())
                .build(),
            v8)) {
      Instance[] instance = new Instance[1];
      instance[0] =
          module.instantiate(
              List.of(
                  new HostImport(
                      "env",
                      "proxy_done",
                      Signature.parse("void -> i32"),
                      arguments -> {
                        sizes.add(instance[0].memory().size());
                        return 0;
                      })));
      instance[0].start();
      sizes.add(instance[0].memory().size());

      instance[0].function("grow").orElseThrow().call();

      sizes.add(instance[0].memory().size());
    }
    assertThat(sizes).containsExactly(65_536L, 131_072L, 131_072L);
  }

  @Test
  void aTrapSaysWhatV8Says() {
    try (LoadedModule module =
        Engine.load(
            new ModuleBuilder().function("trap", "void -> void", code -> code.trap()).build(),
            v8)) {
      Instance instance = module.instantiate(List.of());
      instance.start();

      assertThatThrownBy(() -> instance.function("trap").orElseThrow().call())
          .isInstanceOf(WasmTrapException.class)
          .hasMessageContaining("unreachable");
    }
  }

  @Test
  void whatAHostFunctionThrowsComesOutAsItIs() {
    try (LoadedModule module =
        Engine.load(
            new ModuleBuilder()
                .function("call", "void -> void", code -> code.call("proxy_done").drop())
                .build(),
            v8)) {
      WasmTrapException thrown = new WasmTrapException("restricted_callback");
      Instance instance =
          module.instantiate(
              List.of(
                  new HostImport(
                      "env",
                      "proxy_done",
                      Signature.parse("void -> i32"),
                      arguments -> {
                        throw thrown;
                      })));
      instance.start();

      assertThatThrownBy(() -> instance.function("call").orElseThrow().call()).isSameAs(thrown);
    }
  }

  @Test
  void moreThanAGibibyteOfMemoryIsRefused() {
    // A header and a memory section: one memory of at least 16,385 pages.
    byte[] tooLarge = {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 5, 1, 0, (byte) 0x81, (byte) 0x80, 1};

    try (LoadedModule module = Engine.load(tooLarge, v8)) {
      Instance instance = module.instantiate(List.of());

      assertThatThrownBy(instance::start)
          .isInstanceOf(WasmTrapException.class)
          .hasMessageContaining("memory");
    }
  }

  private static Instance started(
      LoadedModule module, String name, String signature, List<Long> seen) {
    Instance instance =
        module.instantiate(
            List.of(
                new HostImport(
                    "env",
                    name,
                    Signature.parse(signature),
                    arguments -> {
                      for (long argument : arguments) {
                        seen.add(argument);
                      }
                      return 0;
                    })));
    instance.start();
    return instance;
  }
}
