package dev.nametag.relabel.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.RelabelRulesReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
  @ParameterizedTest
  @ValueSource(strings = {"lossless", "chargeback"})
  void bothTargetsHoldTheSameRules(String naming) {
    Schema schema = Schema.parse("{\"naming\": \"" + naming + "\"}");
    var generated = RuleGenerator.toRules(RuleGenerator.generate(schema));

    assertThat(RelabelRulesReader.read("m.yaml", ServiceMonitorTarget.DEFAULT.yaml(schema)).rules())
        .isEqualTo(generated.rules());
    assertThat(RelabelRulesReader.read("p.yml", PrometheusTarget.DEFAULT.yaml(schema)).rules())
        .isEqualTo(generated.rules());
  }
}
