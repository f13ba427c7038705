package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A worker thread's VM. Streams on it run one after the other, whichever threads they come from.
 *
 * <p>Source: Envoy source/extensions/common/wasm/wasm.cc, PluginConfig::maybeReloadHandleIfNeeded
 * and PluginConfig::createContext.
 */
public final class Worker {

  private final BaseVm base;
  private final FailurePolicy policy;
  private final Consumer<LogLine> log;

  private Optional<WasmVm> vm;

  /** Brings up a VM; one that does not come up counts as failed. */
  public Worker(BaseVm base, FailurePolicy policy, Consumer<LogLine> log) {
    this.base = base;
    this.policy = policy;
    this.log = log;
    this.vm = newVm();
  }

  /** What a stream finds when it comes to a worker. */
  public sealed interface Admission {

    /** A VM that can run the filter. */
    record Run(WasmVm vm) implements Admission {}

    /** No filter: the stream passes. */
    record Bypass() implements Admission {}

    /** No filter: the stream is answered with 503. */
    record Refuse() implements Admission {}
  }

  /** Runs a stream when its turn has come. */
  public synchronized <T> T with(Function<Admission, T> stream) {
    return stream.apply(admit());
  }

  /** Runs something when its turn has come, for streams that are there already. */
  public synchronized void run(Runnable action) {
    action.run();
  }

  /** Asks something when its turn has come. */
  public synchronized <T> T ask(Supplier<T> question) {
    return question.get();
  }

  /** Tells the module that the plugin goes away. */
  public synchronized void shutDown() {
    vm.ifPresent(WasmVm::shutDown);
    vm = Optional.empty();
  }

  private Admission admit() {
    boolean trapped = vm.map(WasmVm::failed).orElse(false);
    if (trapped && policy == FailurePolicy.FAIL_RELOAD) {
      vm = newVm();
    }
    Optional<WasmVm> running = vm.filter(v -> !v.failed());
    if (running.isPresent()) {
      return new Admission.Run(running.get());
    }
    return policy == FailurePolicy.FAIL_OPEN ? new Admission.Bypass() : new Admission.Refuse();
  }

  private Optional<WasmVm> newVm() {
    try {
      WasmVm fresh = base.newVm();
      fresh.configure();
      return Optional.of(fresh);
    } catch (ModuleLoadException | ConfigurationRejectedException e) {
      log.accept(new LogLine(LogLevel.CRITICAL, e.getMessage()));
      return Optional.empty();
    }
  }
}
