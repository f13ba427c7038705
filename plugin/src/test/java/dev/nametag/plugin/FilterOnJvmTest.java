package dev.nametag.plugin;

import dev.nametag.abi.Dispatcher;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.List;
import java.util.Map;

/** The contract on the JVM. */
class FilterOnJvmTest extends FilterContract {
  @Override
  Counted run(
      String configuration,
      Map<String, String> environment,
      Map<String, Object> nodeMetadata,
      List<StreamScenario> streams) {
    FakeHost host = new FakeHost(configuration, environment, nodeMetadata);
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
    return new Counted(accepted, host.metrics, host.log);
  }
}
