package dev.nametag.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nametag.fixtures.RealSchemas;
import dev.nametag.naming.Profile;
import dev.nametag.relabel.generate.Decoding;
import dev.nametag.relabel.generate.PodMonitorTarget;
import dev.nametag.relabel.generate.ProxyPods;
import dev.nametag.relabel.generate.ScrapeConfigTarget;
import dev.nametag.relabel.generate.ServiceMonitorTarget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The generated resources against the schemas that a cluster would hold them to. */
class CrdValidationTest {
  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theWasmPluginIsAccepted(Profile profile) {
    assertThat(wasmPlugins().problems(wasmPlugin(profile))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theServiceMonitorIsAccepted(Profile profile) {
    assertThat(serviceMonitors().problems(serviceMonitor(profile))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void thePodMonitorIsAccepted(Profile profile) {
    assertThat(podMonitors().problems(podMonitor(profile))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theScrapeConfigIsAccepted(Profile profile) {
    assertThat(scrapeConfigs().problems(scrapeConfig(profile, List.of()))).isEmpty();
    assertThat(scrapeConfigs().problems(scrapeConfig(profile, List.of("127.0.0.1:15090"))))
        .isEmpty();
  }

  @Test
  void anUnknownFieldOfAPodMonitorOrAScrapeConfigIsRefused() {
    JsonNode monitor = podMonitor(Profile.LOSSLESS);
    ((ObjectNode) monitor.at("/spec/podMetricsEndpoints/0")).put("surplus", "x");
    JsonNode config = scrapeConfig(Profile.LOSSLESS, List.of());
    ((ObjectNode) config.at("/spec/kubernetesSDConfigs/0/selectors/0")).put("surplus", "x");

    assertThat(podMonitors().problems(monitor))
        .containsExactly("$.spec.podMetricsEndpoints[0].surplus: unknown field");
    assertThat(scrapeConfigs().problems(config))
        .containsExactly("$.spec.kubernetesSDConfigs[0].selectors[0].surplus: unknown field");
  }

  @ParameterizedTest
  @CsvSource({
    "'', $.surplus",
    "/spec, $.spec.surplus",
    "/spec/selector, $.spec.selector.surplus",
    "/spec/vmConfig/env/0, $.spec.vmConfig.env[0].surplus",
  })
  void anUnknownFieldOfAWasmPluginIsRefused(String pointer, String path) {
    JsonNode resource = wasmPlugin(Profile.LOSSLESS);
    ((ObjectNode) resource.at(pointer)).put("surplus", "x");

    assertThat(wasmPlugins().problems(resource)).containsExactly(path + ": unknown field");
  }

  @Test
  void theConfigurationInAWasmPluginMayHaveAnyField() {
    JsonNode resource = wasmPlugin(Profile.LOSSLESS);
    ((ObjectNode) resource.at("/spec/pluginConfig")).put("surplus", "x");

    assertThat(wasmPlugins().problems(resource)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/spec, phase, LAST, $.spec.phase",
    "/spec, sha256, ABC, $.spec.sha256",
    "/spec, pluginConfig, text, $.spec.pluginConfig",
    "/spec, selector, text, $.spec.selector",
    "/spec, priority, text, $.spec.priority",
    "/spec/vmConfig/env/0, name, '', $.spec.vmConfig.env[0].name",
  })
  void aWrongValueInAWasmPluginIsRefused(String pointer, String field, String value, String path) {
    JsonNode resource = wasmPlugin(Profile.LOSSLESS);
    ((ObjectNode) resource.at(pointer)).put(field, value);

    assertThat(wasmPlugins().problems(resource)).singleElement().asString().startsWith(path + ":");
  }

  @Test
  void aMissingFieldIsRefused() {
    JsonNode resource = wasmPlugin(Profile.LOSSLESS);
    ((ObjectNode) resource.at("/spec")).remove("url");

    assertThat(wasmPlugins().problems(resource)).singleElement().asString().contains("url");
  }

  @Test
  void anUnknownFieldOfARuleIsRefused() {
    JsonNode resource = serviceMonitor(Profile.LOSSLESS);
    ((ObjectNode) resource.at("/spec/endpoints/0/metricRelabelings/0"))
        .put("source_labels", "__name__");

    assertThat(serviceMonitors().problems(resource))
        .containsExactly("$.spec.endpoints[0].metricRelabelings[0].source_labels: unknown field");
  }

  @ParameterizedTest
  @CsvSource({
    "/spec/endpoints/0, interval, soon, $.spec.endpoints[0].interval",
    "/spec/endpoints/0, honorLabels, text, $.spec.endpoints[0].honorLabels",
    "/spec/endpoints/0/metricRelabelings/0, action, encode,"
        + " $.spec.endpoints[0].metricRelabelings[0].action",
    "/spec/endpoints/0/metricRelabelings/0, sourceLabels, text,"
        + " $.spec.endpoints[0].metricRelabelings[0].sourceLabels",
  })
  void aWrongValueInAServiceMonitorIsRefused(
      String pointer, String field, String value, String path) {
    JsonNode resource = serviceMonitor(Profile.LOSSLESS);
    ((ObjectNode) resource.at(pointer)).put(field, value);

    assertThat(serviceMonitors().problems(resource))
        .singleElement()
        .asString()
        .startsWith(path + ":");
  }

  @Test
  void aNumberOrATextIsAcceptedWhereTheSchemaTakesBoth() {
    JsonNode resource = serviceMonitor(Profile.LOSSLESS);
    ObjectNode endpoint = (ObjectNode) resource.at("/spec/endpoints/0");

    endpoint.put("targetPort", 15090);
    assertThat(serviceMonitors().problems(resource)).isEmpty();
    endpoint.put("targetPort", "http-envoy-prom");
    assertThat(serviceMonitors().problems(resource)).isEmpty();
    endpoint.put("targetPort", true);
    assertThat(serviceMonitors().problems(resource)).isNotEmpty();
  }

  @Test
  void aResourceOfAnotherKindIsRefused() {
    assertThat(serviceMonitors().problems(wasmPlugin(Profile.LOSSLESS)))
        .contains("$: not a ServiceMonitor of monitoring.coreos.com/v1");
  }

  private static CrdSchema wasmPlugins() {
    return CrdSchema.read(RealSchemas.require("extensions.istio.io_wasmplugins.yaml"), "v1alpha1");
  }

  private static CrdSchema serviceMonitors() {
    return CrdSchema.read(RealSchemas.require("monitoring.coreos.com_servicemonitors.yaml"), "v1");
  }

  private static CrdSchema podMonitors() {
    return CrdSchema.read(RealSchemas.require("monitoring.coreos.com_podmonitors.yaml"), "v1");
  }

  private static CrdSchema scrapeConfigs() {
    return CrdSchema.read(
        RealSchemas.require("monitoring.coreos.com_scrapeconfigs.yaml"), "v1alpha1");
  }

  private static JsonNode podMonitor(Profile profile) {
    PodMonitorTarget target =
        new PodMonitorTarget(ProxyPods.DEFAULT, PodMonitorTarget.DEFAULT_PORT_NAME);
    return TypedModels.documents(target.yaml(Configurations.of(profile).schema(), Decoding.DEFAULT))
        .get(0);
  }

  private static JsonNode scrapeConfig(Profile profile, List<String> addresses) {
    Map<String, String> labels = addresses.isEmpty() ? Map.of() : Map.of("cluster", "a");
    ScrapeConfigTarget target = new ScrapeConfigTarget(ProxyPods.DEFAULT, addresses, labels);
    return TypedModels.documents(target.yaml(Configurations.of(profile).schema(), Decoding.DEFAULT))
        .get(0);
  }

  private static JsonNode wasmPlugin(Profile profile) {
    return TypedModels.documents(WasmPluginTargetTest.TARGET.yaml(Configurations.of(profile)))
        .get(0);
  }

  private static JsonNode serviceMonitor(Profile profile) {
    return TypedModels.documents(
            ServiceMonitorTarget.DEFAULT.yaml(Configurations.of(profile).schema()))
        .get(1);
  }
}
