package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract on the compiled module, in the simulated Envoy with Chicory's interpreter. */
class FilterInWasmTest extends FilterContract {
  /** Returns what executes the module. */
  EngineKind engine() {
    return EngineKind.INTERPRETER;
  }

  @Override
  Counted run(
      String configuration,
      Map<String, String> environment,
      Map<String, Object> nodeMetadata,
      List<StreamScenario> streams) {
    List<LogLine> log = new ArrayList<>();
    SimulatedEnvoy.Builder builder =
        SimulatedEnvoy.builder()
            .module(NametagModule.bytes())
            .engine(engine())
            .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
            .environment(environment)
            .nodeMetadata(nodeMetadata)
            .logListener(log::add);
    try (SimulatedEnvoy envoy = builder.start()) {
      for (StreamScenario stream : streams) {
        StreamResult result = envoy.run(stream);
        assertThat(result.failure()).isEmpty();
      }
      return new Counted(true, metrics(envoy), lines(log));
    } catch (ConfigurationRejectedException e) {
      return new Counted(false, Map.of(), lines(log));
    }
  }

  static Map<String, Long> metrics(SimulatedEnvoy envoy) {
    Map<String, Long> metrics = new LinkedHashMap<>();
    String page = new String(envoy.stats().prometheusPage(), StandardCharsets.UTF_8);
    for (String line : page.split("\n", -1)) {
      int braces = line.indexOf("{} ");
      // A histogram's sum is a decimal fraction; of its values, the count is compared.
      if (braces > 0 && !line.startsWith("_sum", braces - 4)) {
        metrics.put(line.substring(0, braces), Long.valueOf(line.substring(braces + 3)));
      }
    }
    return metrics;
  }

  /** The same lines come from every VM: the canary's, the main thread's and the worker's. */
  private static List<String> lines(List<LogLine> log) {
    Set<String> lines = new LinkedHashSet<>();
    for (LogLine line : log) {
      String message = line.message();
      lines.add(line.level() + " " + message.substring(message.indexOf(": ") + 2));
    }
    return List.copyOf(lines);
  }
}
