package dev.nametag.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nametag.naming.Profile;
import dev.nametag.relabel.engine.RelabelRule;
import dev.nametag.relabel.generate.GeneratedRule;
import dev.nametag.relabel.generate.RuleGenerator;
import dev.nametag.relabel.generate.ServiceMonitorTarget;
import io.fabric8.istio.api.api.extensions.v1alpha1.EnvValueSource;
import io.fabric8.istio.api.api.extensions.v1alpha1.EnvVar;
import io.fabric8.istio.api.api.extensions.v1alpha1.FailStrategy;
import io.fabric8.istio.api.api.extensions.v1alpha1.PluginPhase;
import io.fabric8.istio.api.extensions.v1alpha1.WasmPlugin;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated resources as the types that Kubernetes clients read them into. */
class WasmPluginTargetTest {
  static final WasmPluginTarget TARGET =
      new WasmPluginTarget(
          "nametag",
          "istio-system",
          Map.of("istio", "ingressgateway"),
          "oci://registry.example.com/nametag:1",
          "0123456789abcdef".repeat(4),
          true);

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theWasmPluginSaysWhatItIsToldTo(Profile profile) throws Exception {
    Configuration configuration = Configurations.of(profile);

    List<JsonNode> documents = TypedModels.documents(TARGET.yaml(configuration));
    WasmPlugin plugin = TypedModels.read(documents.get(0), WasmPlugin.class);

    assertThat(documents).hasSize(1);
    assertThat(plugin.getApiVersion()).isEqualTo("extensions.istio.io/v1alpha1");
    assertThat(plugin.getKind()).isEqualTo("WasmPlugin");
    assertThat(plugin.getMetadata().getName()).isEqualTo("nametag");
    assertThat(plugin.getMetadata().getNamespace()).isEqualTo("istio-system");
    var spec = plugin.getSpec();
    assertThat(spec.getSelector().getMatchLabels()).isEqualTo(Map.of("istio", "ingressgateway"));
    assertThat(spec.getUrl()).isEqualTo("oci://registry.example.com/nametag:1");
    assertThat(spec.getSha256()).isEqualTo("0123456789abcdef".repeat(4));
    assertThat(spec.getPluginName()).isEqualTo("nametag");
    assertThat(spec.getPhase()).isEqualTo(PluginPhase.STATS);
    assertThat(spec.getFailStrategy()).isEqualTo(FailStrategy.FAIL_OPEN);
    assertThat(spec.getVmConfig().getEnv())
        .extracting(EnvVar::getName, EnvVar::getValue)
        .containsExactly(tuple("NAMETAG_STRICT", "true"));
    assertThat(TypedModels.tree(spec.getPluginConfig()))
        .isEqualTo(TypedModels.json(configuration.json()));
  }

  @Test
  void theKeyOfPseudonymsComesFromTheProxysEnvironment() throws Exception {
    Configuration configuration =
        Configuration.read(
            "c.yaml",
            """
            labels: {user: {from: auth.identity.userid, pseudonym: true}}
            metrics: {calls: {count: all, labels: [user]}}
            """);

    JsonNode resource = TypedModels.documents(TARGET.yaml(configuration)).get(0);
    var spec = TypedModels.read(resource, WasmPlugin.class).getSpec();

    assertThat(spec.getVmConfig().getEnv())
        .extracting(EnvVar::getName, EnvVar::getValueFrom, EnvVar::getValue)
        .containsExactly(
            tuple("NAMETAG_STRICT", null, "true"),
            tuple("NAMETAG_PSEUDONYM_KEY", EnvValueSource.HOST, null));
  }

  @Test
  void whatIsNotAskedForIsNotSaid() throws Exception {
    WasmPluginTarget lenient =
        new WasmPluginTarget(
            "nametag", "prod", Map.of("app", "gw"), "file:///etc/nametag.wasm", "", false);

    JsonNode resource = TypedModels.documents(lenient.yaml(Configuration.empty())).get(0);
    var spec = TypedModels.read(resource, WasmPlugin.class).getSpec();

    assertThat(spec.getSha256()).isNull();
    assertThat(spec.getVmConfig()).isNull();
    assertThat(TypedModels.tree(spec.getPluginConfig())).isEqualTo(TypedModels.json("{}"));
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theWasmPluginReadsBackAsTheConfigurationItWasMadeOf(Profile profile) {
    Configuration configuration = Configurations.of(profile);

    assertThat(Configuration.read("plugin.yaml", TARGET.yaml(configuration)))
        .isEqualTo(configuration);
  }

  @Test
  void theSelectorKeepsItsOrderAndCannotBeChangedFromOutside() {
    Map<String, String> selector = new LinkedHashMap<>();
    selector.put("b", "1");
    selector.put("a", "true");
    WasmPluginTarget target =
        new WasmPluginTarget("n", "ns", selector, "https://example.com/n.wasm", "", false);

    selector.clear();

    assertThat(target.yaml(Configuration.empty()))
        .contains("    matchLabels:\n      b: '1'\n      a: 'true'\n");
  }

  @Test
  void anEmptySelectorIsRefused() {
    assertThatThrownBy(
            () -> new WasmPluginTarget("n", "ns", Map.of(), "oci://example.com/n", "", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("selector: would select every pod of the namespace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "registry.example.com/nametag", "oci://", "ftp://example.com/n.wasm"})
  void aUrlThatIstioDoesNotFetchIsRefused(String url) {
    assertThatThrownBy(() -> new WasmPluginTarget("n", "ns", Map.of("a", "b"), url, "", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("url: \"" + url + "\" is neither an oci, http, https nor file URL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0123456789ABCDEF", "sha256:0123"})
  void aHashOfAnotherFormIsRefused(String sha256) {
    assertThatThrownBy(
            () ->
                new WasmPluginTarget(
                    "n", "ns", Map.of("a", "b"), "oci://example.com/n", sha256, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sha256: \"" + sha256 + "\" is not 64 hex digits");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theServiceSelectsTheProxies(Profile profile) throws Exception {
    JsonNode resource = monitorDocuments(profile).get(0);
    Service service = TypedModels.read(resource, Service.class);

    assertThat(service.getApiVersion()).isEqualTo("v1");
    assertThat(service.getKind()).isEqualTo("Service");
    assertThat(service.getMetadata().getNamespace()).isEqualTo("istio-system");
    assertThat(service.getMetadata().getLabels()).containsEntry("istio", "ingressgateway");
    assertThat(service.getSpec().getSelector()).isEqualTo(Map.of("istio", "ingressgateway"));
    assertThat(service.getSpec().getPorts()).hasSize(1);
    ServicePort port = service.getSpec().getPorts().get(0);
    assertThat(port.getName()).isEqualTo("http-envoy-metrics");
    assertThat(port.getPort()).isEqualTo(15090);
    assertThat(port.getTargetPort().getIntVal()).isEqualTo(15090);
    assertThat(port.getProtocol()).isEqualTo("TCP");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOSSLESS", "CHARGEBACK"})
  void theServiceMonitorSelectsTheServiceAndHoldsTheRules(Profile profile) throws Exception {
    List<JsonNode> documents = monitorDocuments(profile);
    Service service = TypedModels.read(documents.get(0), Service.class);
    ServiceMonitor monitor = TypedModels.read(documents.get(1), ServiceMonitor.class);

    assertThat(documents).hasSize(2);
    assertThat(monitor.getApiVersion()).isEqualTo("monitoring.coreos.com/v1");
    assertThat(monitor.getKind()).isEqualTo("ServiceMonitor");
    assertThat(monitor.getMetadata().getLabels())
        .isEqualTo(Map.of("release", "prometheus", "istio", "ingressgateway"));
    assertThat(monitor.getSpec().getNamespaceSelector().getMatchNames())
        .containsExactly(service.getMetadata().getNamespace());
    assertThat(service.getMetadata().getLabels())
        .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
    assertThat(monitor.getSpec().getEndpoints()).hasSize(1);
    Endpoint endpoint = monitor.getSpec().getEndpoints().get(0);
    assertThat(endpoint.getPort()).isEqualTo(service.getSpec().getPorts().get(0).getName());
    assertThat(endpoint.getPath()).isEqualTo("/stats/prometheus");
    assertThat(endpoint.getInterval()).isEqualTo("15s");
    assertThat(endpoint.getScrapeTimeout()).isEqualTo("10s");
    assertThat(endpoint.getHonorLabels()).isEqualTo(profile == Profile.CHARGEBACK);
    assertThat(endpoint.getMetricRelabelings().stream().map(WasmPluginTargetTest::rule))
        .containsExactlyElementsOf(
            RuleGenerator.generate(Configurations.of(profile).schema()).stream()
                .map(GeneratedRule::rule)
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/metadata", "/spec", "/spec/selector", "/spec/vmConfig/env/0"})
  void aFieldThatAWasmPluginDoesNotHaveIsRefused(String path) {
    JsonNode resource = TypedModels.documents(TARGET.yaml(Configuration.empty())).get(0);
    ((ObjectNode) resource.at(path)).put("surplus", "x");

    assertThatThrownBy(() -> TypedModels.read(resource, WasmPlugin.class))
        .isInstanceOf(UnrecognizedPropertyException.class)
        .hasMessageContaining("\"surplus\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/spec",
        "/spec/namespaceSelector",
        "/spec/endpoints/0",
        "/spec/endpoints/0/metricRelabelings/0"
      })
  void aFieldThatAServiceMonitorDoesNotHaveIsRefused(String path) {
    JsonNode resource = monitorDocuments(Profile.LOSSLESS).get(1);
    ((ObjectNode) resource.at(path)).put("surplus", "x");

    assertThatThrownBy(() -> TypedModels.read(resource, ServiceMonitor.class))
        .isInstanceOf(UnrecognizedPropertyException.class)
        .hasMessageContaining("\"surplus\"");
  }

  private static List<JsonNode> monitorDocuments(Profile profile) {
    return TypedModels.documents(
        ServiceMonitorTarget.DEFAULT.yaml(Configurations.of(profile).schema()));
  }

  private static RelabelRule rule(RelabelConfig config) {
    assertThat(config.getAction()).isEqualTo("replace");
    return RelabelRule.replace(
        config.getSourceLabels(),
        config.getRegex(),
        config.getTargetLabel(),
        config.getReplacement());
  }
}
