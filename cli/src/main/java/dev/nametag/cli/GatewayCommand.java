package dev.nametag.cli;

import dev.nametag.cli.gateway.GatewayConfig;
import dev.nametag.cli.gateway.GatewayFile;
import dev.nametag.cli.gateway.GatewayJson;
import dev.nametag.cli.gateway.StatsConfig;
import dev.nametag.hostsim.AdminServer;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.gateway.ClusterCalls;
import dev.nametag.hostsim.gateway.ClusterSettings;
import dev.nametag.hostsim.gateway.Gateway;
import dev.nametag.hostsim.gateway.GatewaySettings;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import dev.nametag.hostsim.vm.FailurePolicy;
import dev.nametag.plugin.NametagModule;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nametag gateway}. */
@Command(
    name = "gateway",
    description = {
      "Runs a simulated Envoy with the filter in it until it is stopped: HTTP/1.1 on a socket, for"
          + " curl, a load tool and a real Prometheus.",
      "",
      "Without any option, it echoes what it is asked. Interrupting it stops it: streams may end for"
          + " a while, and every one is counted.",
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GatewayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** How modules are executed. */
  enum Engine {
    COMPILER,
    INTERPRETER
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The filter's configuration; - for stdin. Without it: the empty one. With --module, the"
              + " bytes of the file go to that module as they are.")
  private String config;

  @Option(
      names = "--gateway",
      paramLabel = "FILE",
      description =
          "Routes, clusters, the filters around ours (authentication, authorization, rate limits), and"
              + " what Envoy's bootstrap says about stats. Without it: everything goes to the"
              + " upstream.")
  private String gatewayFile;

  @Option(
      names = "--upstream",
      paramLabel = "URL",
      description =
          "Where requests go: http://HOST:PORT, or echo or llm, which are built in (echo). With"
              + " routes in the gateway file: what the cluster called upstream is.")
  private String upstream;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "Where requests come in (${DEFAULT-VALUE}; port 0 is any free one).")
  private String listen;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:15000",
      description = "Where the metrics are served (${DEFAULT-VALUE}; port 0 is any free one).")
  private String admin;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads, each with a VM of its own (the number of processors).")
  private Integer workers;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "How long streams may go on after the stop (${DEFAULT-VALUE}).")
  private String grace;

  @Option(
      names = "--module",
      paramLabel = "FILE",
      description = "Another Proxy-Wasm module. Without it: nametag.wasm, inside this program.")
  private String module;

  @Mixin private PluginOptions plugin;

  @Option(
      names = "--engine",
      defaultValue = "compiler",
      description = "How the module is executed: compiler or interpreter (${DEFAULT-VALUE}).")
  private Engine engine;

  @Option(
      names = "--failure-policy",
      paramLabel = "POLICY",
      defaultValue = "fail_closed",
      description =
          "After a trap: fail_closed, fail_open or fail_reload, as in Envoy (${DEFAULT-VALUE});"
              + " legacy_fail_open for the field of that name.")
  private FailurePolicy failurePolicy;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "0s",
      description =
          "How long a call into the module may take until it traps; 0s for ever (${DEFAULT-VALUE})."
              + " Envoy has no such limit: there, a module that never returns blocks its worker.")
  private String deadline;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "An environment variable of the module; may be repeated.")
  private Map<String, String> environment;

  @Mixin private ProxyOptions proxy;

  @Option(
      names = "--node-metadata",
      paramLabel = "NAME=VALUE",
      description = "Metadata of the proxy itself; may be repeated (NAMESPACE=default).")
  private Map<String, String> nodeMetadata;

  @Option(
      names = "--log-level",
      defaultValue = "info",
      description =
          "What the module may log, to stderr: trace, debug, info, warn … (${DEFAULT-VALUE}).")
  private LogLevel logLevel;

  @Option(
      names = "--json",
      description =
          "Print the addresses as one JSON object when ready, and the totals as another at the end.")
  private boolean json;

  @Override
  public Integer call() {
    InetSocketAddress listenAt = HostPort.parse("--listen", listen, spec);
    InetSocketAddress adminAt = HostPort.parse("--admin", admin, spec);
    Duration graceTime = time("--grace", grace);
    Duration callLimit = time("--deadline", deadline);
    int count = workers == null ? Runtime.getRuntime().availableProcessors() : workers;
    if (count < 1 || count > 256) {
      throw usage("--workers: expected 1 to 256, not " + count);
    }
    GatewayConfig gatewayConfig = gatewayConfig();
    GatewayReport report = new GatewayReport(spec.commandLine().getOut(), json);
    try (StopSignal signal = StopSignal.install();
        ClusterCalls calls = new ClusterCalls(gatewayConfig.settings(), new GatewayJson());
        SimulatedEnvoy envoy = envoy(count, callLimit, gatewayConfig.stats(), calls);
        AdminServer adminServer = listenForAdmin(envoy, adminAt);
        Gateway gateway = listenForRequests(envoy, gatewayConfig.settings(), listenAt)) {
      signal.ready();
      report.ready(HostPort.text(gateway.address()), HostPort.text(adminServer.address()), count);
      signal.await();
      gateway.stop(graceTime);
      report.totals(gateway.summary());
    }
    return 0;
  }

  private Duration time(String option, String text) {
    return GatewayFile.duration(text)
        .orElseThrow(() -> usage(option + ": expected a time such as 5s or 500ms, not " + text));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private GatewayConfig gatewayConfig() {
    Optional<ClusterSettings> cluster;
    try {
      cluster = Optional.ofNullable(upstream).map(GatewayFile::upstream);
    } catch (IllegalArgumentException e) {
      throw usage("--upstream: " + e.getMessage() + "; or echo, or llm");
    }
    return gatewayFile == null
        ? GatewayFile.none(cluster)
        : GatewayFile.read(Input.name(gatewayFile), Input.text(gatewayFile), cluster);
  }

  private SimulatedEnvoy envoy(
      int count, Duration callLimit, StatsConfig stats, ClusterCalls calls) {
    PrintWriter err = spec.commandLine().getErr();
    byte[] configuration;
    if (module == null) {
      configuration = Input.configuration(config).json().getBytes(StandardCharsets.UTF_8);
    } else {
      configuration = config == null ? new byte[0] : Input.bytes(config);
    }
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("NAMESPACE", "default");
    if (nodeMetadata != null) {
      node.putAll(nodeMetadata);
    }
    SimulatedEnvoy.Builder builder = SimulatedEnvoy.builder();
    plugin.configure(builder);
    proxy.configure(builder, stats);
    calls.upstreams().forEach(builder::httpCluster);
    try {
      return builder
          .module(module == null ? NametagModule.bytes() : Input.bytes(module))
          .pluginConfiguration(configuration)
          .environment(environment == null ? Map.of() : environment)
          .nodeMetadata(node)
          .workers(count)
          .engine(engine == Engine.COMPILER ? EngineKind.COMPILER : EngineKind.INTERPRETER)
          .failurePolicy(failurePolicy)
          .deadline(callLimit)
          .logLevel(logLevel)
          .logListener(line -> log(err, line))
          .start();
    } catch (ModuleLoadException | ConfigurationRejectedException e) {
      String file = module == null ? "nametag.wasm" : module;
      throw new InputException(file + ": " + e.getMessage());
    }
  }

  private static void log(PrintWriter err, LogLine line) {
    err.println(
        Printable.text("[" + line.level().name().toLowerCase(Locale.ROOT) + "] " + line.message()));
  }

  private static AdminServer listenForAdmin(SimulatedEnvoy envoy, InetSocketAddress address) {
    try {
      return AdminServer.start(envoy, address);
    } catch (IOException e) {
      throw HostPort.inUse("--admin", address, e);
    }
  }

  private Gateway listenForRequests(
      SimulatedEnvoy envoy, GatewaySettings settings, InetSocketAddress address) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return Gateway.start(
          envoy, settings, address, new GatewayJson(), fault -> fault.printStackTrace(err));
    } catch (IOException e) {
      throw HostPort.inUse("--listen", address, e);
    }
  }
}
