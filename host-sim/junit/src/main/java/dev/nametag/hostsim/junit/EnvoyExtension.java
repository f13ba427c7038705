package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.Engine;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.tcp.TcpSetup;
import dev.nametag.hostsim.time.ManualClock;
import dev.nametag.hostsim.upstream.GrpcUpstream;
import dev.nametag.hostsim.upstream.HttpUpstream;
import dev.nametag.hostsim.vm.ConfigurationRejectedException;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An Envoy with one Wasm filter, a fresh one for each test; to be registered with
 * {@code @RegisterExtension}.
 *
 * <p>The module is compiled once for all tests. Envoy starts at the first request or assertion of a
 * test; what is set before that, in the test or in {@code @BeforeEach}, holds for that test only. A
 * trap that a test does not ask for with {@link StreamAssert#trapped} fails it in the end. Tests
 * that share an extension must not run at the same time.
 */
public final class EnvoyExtension
    implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private final byte[] module;
  private final List<Consumer<SimulatedEnvoy.Builder>> settings = new ArrayList<>();
  private final List<Consumer<SimulatedEnvoy.Builder>> settingsOfTest = new ArrayList<>();
  private final TestLog log = new TestLog();
  private final Calls calls = new Calls();

  private EngineKind engine = EngineKind.COMPILER;
  private Optional<LoadedModule> loaded = Optional.empty();
  private Optional<SimulatedEnvoy> started = Optional.empty();
  private boolean inTest;

  private EnvoyExtension(byte[] module) {
    this.module = module.clone();
  }

  /** An extension for the module in that file, such as {@code target/filter.wasm}. */
  public static EnvoyExtension module(Path file) {
    try {
      return new EnvoyExtension(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("no module at " + file.toAbsolutePath(), e);
    }
  }

  /** An extension for a module. */
  public static EnvoyExtension module(byte[] wasm) {
    return new EnvoyExtension(wasm);
  }

  /** Sets the plugin configuration, as the module reads it. */
  public EnvoyExtension configuration(String text) {
    return with(envoy -> envoy.pluginConfiguration(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sets the VM configuration, as the module reads it. */
  public EnvoyExtension vmConfiguration(String text) {
    return with(envoy -> envoy.vmConfiguration(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Sets the plugin's name, its root id and the id of its VM, which log lines and attributes have.
   */
  public EnvoyExtension plugin(String name, String rootId, String vmId) {
    return with(envoy -> envoy.pluginName(name).rootId(rootId).vmId(vmId));
  }

  /** Sets the environment variables of the module. */
  public EnvoyExtension environment(Map<String, String> variables) {
    return with(envoy -> envoy.environment(variables));
  }

  /** Sets what {@code xds.node.metadata} leads to: texts, numbers, booleans, lists and maps. */
  public EnvoyExtension nodeMetadata(Map<String, Object> metadata) {
    return with(envoy -> envoy.nodeMetadata(metadata));
  }

  /** Sets the number of workers, which take streams in turn and have a VM each; at first, one. */
  public EnvoyExtension workers(int count) {
    return with(envoy -> envoy.workers(count));
  }

  /** Sets what happens after a trap; at first, later streams are answered with 503. */
  public EnvoyExtension failurePolicy(FailurePolicy policy) {
    return with(envoy -> envoy.failurePolicy(policy));
  }

  /** Sets what executes the module; at first, Chicory's compiler. Not for use in a test. */
  public EnvoyExtension engine(EngineKind kind) {
    engine = kind;
    return this;
  }

  /**
   * Adds a cluster that the filter can call by HTTP, and says what it answers: {@link
   * HttpUpstream#response}, a delay, a reset, silence.
   */
  public EnvoyExtension httpCluster(String name, HttpUpstream upstream) {
    return with(envoy -> envoy.httpCluster(name, calls.recordingHttp(upstream)));
  }

  /** Adds a cluster that the filter can call by gRPC, and says what it answers. */
  public EnvoyExtension grpcCluster(String name, GrpcUpstream upstream) {
    return with(envoy -> envoy.grpcCluster(name, calls.recordingGrpc(upstream)));
  }

  /**
   * Gives Envoy a clock that only {@link SimulatedEnvoy#advance}, and a request that waits, moves:
   * ticks and answers come when a test wants them.
   */
  public EnvoyExtension stoppedClock() {
    return with(envoy -> envoy.clock(new ManualClock()));
  }

  /** Sets anything else that an Envoy can be started with. */
  public EnvoyExtension with(Consumer<SimulatedEnvoy.Builder> setting) {
    if (started.isPresent()) {
      throw new IllegalStateException("Envoy runs; settings come before the first request");
    }
    (inTest ? settingsOfTest : settings).add(setting);
    return this;
  }

  /** Begins a request: at first, a GET of {@code /}. */
  public Request request() {
    return new Request(envoy(), log);
  }

  /**
   * Opens a TCP connection, through the filter as a network filter, to a cluster that accepts it.
   */
  public ConnectionAssert connect() {
    return connect(TcpSetup.PLAIN);
  }

  /** Opens such a connection from any client, at any listener, to any cluster. */
  public ConnectionAssert connect(TcpSetup setup) {
    return new ConnectionAssert(envoy().connect(setup), log);
  }

  /** Begins assertions about metrics and log lines. */
  public EnvoyAssert assertThat() {
    return new EnvoyAssert(envoy(), log, calls);
  }

  /**
   * Starts Envoy, which must fail, and begins assertions about why: a {@link ModuleLoadException},
   * or a {@link ConfigurationRejectedException}.
   */
  public AbstractThrowableAssert<?, ? extends Throwable> assertThatStartFails() {
    RuntimeException thrown = null;
    try {
      envoy();
    } catch (ModuleLoadException | ConfigurationRejectedException e) {
      thrown = e;
    }
    return Assertions.assertThat(thrown).as(log::text).isNotNull();
  }

  /** The Envoy of this test, for what has no word here; starts it. */
  public SimulatedEnvoy envoy() {
    if (!inTest) {
      throw new IllegalStateException(
          "no test runs: an EnvoyExtension must be registered with @RegisterExtension");
    }
    if (started.isEmpty()) {
      SimulatedEnvoy.Builder builder = SimulatedEnvoy.builder().module(module).engine(this::load);
      settings.forEach(setting -> setting.accept(builder));
      settingsOfTest.forEach(setting -> setting.accept(builder));
      started = Optional.of(builder.logListener(log::add).start());
    }
    return started.get();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    inTest = true;
    log.clear();
    calls.clear();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    inTest = false;
    settingsOfTest.clear();
    started.ifPresent(SimulatedEnvoy::close);
    started = Optional.empty();
    log.failAtTraps();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    loaded.ifPresent(LoadedModule::close);
    loaded = Optional.empty();
  }

  /** Lends the module to an Envoy, which shall not close it. */
  private LoadedModule load(byte[] bytes) {
    if (!Arrays.equals(bytes, module)) {
      // A sink of stats, which is this Envoy's own.
      return Engine.load(bytes, engine);
    }
    if (loaded.isEmpty()) {
      loaded = Optional.of(Engine.load(bytes, engine));
    }
    return new Lent(loaded.get());
  }
}
