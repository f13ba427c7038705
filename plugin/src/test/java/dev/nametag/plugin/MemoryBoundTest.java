package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The largest budget that a configuration can give, and callers who try to spend it. */
class MemoryBoundTest {
  private static final int STREAMS = 6000;
  private static final int VALUE_BYTES = 4096;

  private static final String CONFIGURATION =
      """
      {"labels": {"a": "metadata[\\"ns\\"].a", "b": "metadata[\\"ns\\"].b", "c": "metadata[\\"ns\\"].c"},
       "metrics": {"calls": {"count": "all", "labels": ["a", "b", "c"]}, "total": {"count": "all"}},
       "budget": {"series": 100000, "valueBytes": 4096}}
      """;

  @Test
  void callersCannotFillTheMemoryAndAreAllCounted() {
    String filler = "x".repeat(VALUE_BYTES - 8);
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(NametagModule.bytes())
            .engine(EngineKind.COMPILER)
            .pluginConfiguration(CONFIGURATION.getBytes(StandardCharsets.UTF_8))
            .start()) {
      for (int i = 0; i < STREAMS; i++) {
        String value = filler + i;
        StreamResult result =
            envoy.run(
                StreamScenario.builder()
                    .dynamicMetadata("ns", Map.of("a", value, "b", value, "c", value))
                    .build());
        assertThat(result.failure()).isEmpty();
      }

      assertThat(envoy.stats().counter("wasmcustom.total")).hasValue(STREAMS);
      // 32 MiB of keys of 12 KiB, then the one series for all others.
      long others =
          envoy.stats().counter("wasmcustom.calls__a___other__b___other__c___other").orElse(0);
      assertThat(others).isBetween(STREAMS - 2800L, STREAMS - 2500L);
    }
  }
}
