package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What stands below {@code xds} is found in every release, also in those in which it had a name of
 * its own. Source: Envoy source/extensions/common/wasm/context.cc, Context::findValue.
 */
class ReleasesTest {

  @ParameterizedTest
  @EnumSource(
      value = EnvoyVersion.class,
      names = {"V1_28", "V1_30", "V1_33", "V1_39"})
  void theNamespaceOfTheProxyAndTheRouteAreFound(EnvoyVersion release) {
    String configuration =
        """
        {"labels": {"namespace": "xds.node.metadata.NAMESPACE",
                    "route": "xds.route_name",
                    "cluster": "xds.cluster_name",
                    "direction": "xds.listener_direction"},
         "metrics": {"c": {"count": "all",
                           "labels": ["namespace", "route", "cluster", "direction"]}}}
        """;
    SimulatedEnvoy.Builder builder =
        SimulatedEnvoy.builder()
            .envoyVersion(release)
            .module(NametagModule.bytes())
            .engine(Compiled.ENGINE)
            .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
            .nodeMetadata(Map.of("NAMESPACE", "ns"));
    try (SimulatedEnvoy envoy = builder.start()) {
      envoy.run(StreamScenario.builder().routeName("r").clusterName("up").build());

      assertThat(FilterInWasmTest.metrics(envoy))
          .containsEntry("c__namespace__ns__route__r__cluster__up__direction__0", 1L);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EnvoyVersion.class,
      names = {"V1_28", "V1_30", "V1_33", "V1_39"})
  void withoutConfigurationTheNamespaceIsThatOfTheProxy(EnvoyVersion release) {
    SimulatedEnvoy.Builder builder =
        SimulatedEnvoy.builder()
            .envoyVersion(release)
            .module(NametagModule.bytes())
            .engine(Compiled.ENGINE)
            .nodeMetadata(Map.of("NAMESPACE", "ns"));
    try (SimulatedEnvoy envoy = builder.start()) {
      envoy.run(
          StreamScenario.builder()
              .dynamicMetadata(
                  "envoy.filters.http.ext_authz",
                  Map.of("identity", Map.of("userid", "a", "groups", List.of("g"))))
              .build());

      assertThat(FilterInWasmTest.metrics(envoy))
          .containsEntry(
              "authorized_calls_with_user_and_group__user__a__group__g__namespace__ns", 1L);
    }
  }
}
