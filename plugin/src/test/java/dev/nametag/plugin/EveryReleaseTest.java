package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamScenario;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The module loads, starts and counts in every release that is simulated. */
class EveryReleaseTest {

  @ParameterizedTest
  @EnumSource(EnvoyVersion.class)
  void theModuleCounts(EnvoyVersion release) {
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder().module(NametagModule.bytes()).envoyVersion(release).start()) {

      envoy.run(StreamScenario.builder().build());

      assertThat(envoy.stats().counter("wasmcustom.authorized_calls_total")).hasValue(1);
      assertThat(envoy.logs()).noneMatch(line -> line.level().compareTo(LogLevel.WARN) >= 0);
    }
  }
}
