package dev.nametag.relabel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.generate.ServiceMonitorTarget;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final String GENERATED = ServiceMonitorTarget.DEFAULT.yaml(Schema.defaults());

  @Test
  void whatIsGeneratedHasNotDrifted() {
    assertThat(Drift.between("f", GENERATED, GENERATED)).isEmpty();
  }

  @Test
  void layoutCommentsAndWhatTheClusterAddsDoNotCount() {
    assertThat(
            Drift.between(
                "f",
                """
                # applied by hand
                {kind: A, b: [1, 2], metadata: {name: n, uid: u,
                 annotations: {kubectl.kubernetes.io/last-applied-configuration: "x"}}, status: {}}
                """,
                "metadata:\n  name: n\nb:\n  - 1\n  - 2\nkind: A\n"))
        .isEmpty();
  }

  @Test
  void whatTheClusterAddsToAServiceDoesNotCount() {
    String deployed =
        GENERATED.replaceFirst(
            "(kind: Service\\n(?s:.*?)spec:\\n)",
            "$1  type: ClusterIP\n  clusterIP: 10.0.0.1\n  sessionAffinity: None\n");

    assertThat(deployed).isNotEqualTo(GENERATED);
    assertThat(Drift.between("f", deployed, GENERATED)).isEmpty();
  }

  @Test
  void eachDifferenceIsOneLine() {
    assertThat(
            Drift.between(
                "f",
                "kind: A\nmetadata: {name: n}\nspec: {a: 1, b: [1], c: x}\n---\nkind: B\n",
                "kind: A\nmetadata: {name: n}\nspec: {a: '1', b: [1, 2], d: y}\n"))
        .containsExactly(
            "A n: spec.a: deployed 1; generated \"1\"",
            "A n: spec.b: deployed 1 items; generated 2",
            "A n: spec.c: deployed \"x\"; not generated",
            "A n: spec.d: missing; generated \"y\"",
            "B: deployed {kind=B}; not generated");
  }

  @Test
  void anotherConfigurationShows() {
    Schema schema = Schema.parse("{\"naming\": \"chargeback\"}");

    assertThat(Drift.between("f", GENERATED, ServiceMonitorTarget.DEFAULT.yaml(schema)))
        .isNotEmpty()
        .allMatch(
            line -> line.startsWith("ServiceMonitor nametag-envoy-metrics: spec.endpoints[0]"));
  }
}
