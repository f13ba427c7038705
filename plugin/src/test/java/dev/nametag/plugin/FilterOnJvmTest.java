package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.abi.Dispatcher;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract on the JVM. */
class FilterOnJvmTest extends FilterContract {
  @Override
  Counted run(
      String configuration,
      Map<String, String> environment,
      Map<String, Object> nodeMetadata,
      List<StreamScenario> streams) {
    FakeHost host = new FakeHost(configuration, environment, nodeMetadata);
    boolean accepted = run(host, streams);
    return new Counted(accepted, host.metrics, host.log);
  }

  private static boolean run(FakeHost host, List<StreamScenario> streams) {
    Dispatcher dispatcher = new Dispatcher(host, NametagFilter::new);
    dispatcher.onContextCreate(1, 0);
    boolean accepted =
        dispatcher.onVmStart(1, 0) && dispatcher.onConfigure(1, host.configurationSize());
    int contextId = 2;
    for (StreamScenario stream : streams) {
      host.show(stream);
      dispatcher.onContextCreate(contextId, 1);
      dispatcher.onLog(contextId);
      dispatcher.onDone(contextId);
      dispatcher.onDelete(contextId);
      contextId++;
    }
    return accepted;
  }

  @Test
  void aLabelThatCannotBeReadIsAbsentAndTheRequestIsCountedNevertheless() {
    Counted counted =
        run(
            "{\"labels\": {\"user\": \"metadata.fails\"}, \"metrics\": {"
                + "\"c\": {\"count\": \"all\", \"labels\": [\"user\"]}}}",
            Map.of(),
            Map.of(),
            List.of(StreamScenario.builder().build(), StreamScenario.builder().build()));

    assertThat(counted.series()).isEqualTo(Map.of("c__user___none", 2L));
    assertThat(counted.log())
        .containsExactly(
            "WARN label user could not be read and counts as absent, further times are not logged:"
                + " dev.nametag.abi.HostcallException: proxy_get_property returned"
                + " INTERNAL_FAILURE");
  }

  @Test
  void durationsAreRecordedInWholeMilliseconds() {
    String configuration =
        """
        {"metrics": {"duration_ms": {"count": "all", "record": "request.duration"},
                     "total_ms": {"count": "all", "add": "request.duration"}}}
        """;
    FakeHost host = new FakeHost(configuration, Map.of(), Map.of());

    run(host, List.of(StreamScenario.builder().build(), StreamScenario.builder().build()));

    // 12,999,999 ns
    assertThat(host.recorded).containsExactly(12L, 12L);
    assertThat(host.metrics).containsEntry("duration_ms_count", 2L).containsEntry("total_ms", 24L);
  }
}
