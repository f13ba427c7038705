package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.engine.Deadline;
import dev.nametag.hostsim.engine.ExportedFunction;
import dev.nametag.hostsim.engine.ExternKind;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.hostcall.AbiVersion;
import dev.nametag.hostsim.hostcall.CallScope;
import dev.nametag.hostsim.hostcall.HostFunctions;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.time.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * One VM with its plugins. Used by one thread at a time.
 *
 * <p>After a trap the VM has failed and no callback reaches the module any more. Source:
 * proxy-wasm-cpp-host src/context.cc, CHECK_FAIL and its uses; src/wasm.cc, WasmBase::startVm.
 */
public final class WasmVm {

  private final CallScope scope;
  private final CallScope.Settings calls;
  private final AbiVersion version;
  private final VmResources resources;
  private final Instance instance;
  private final Map<Callback, ExportedFunction> callbacks = new EnumMap<>(Callback.class);

  /**
   * How deep callbacks may stand within what others have asked for; ours, for the stack of the JVM.
   * Deeper down, a callback sees to what it has itself asked for, and leaves the rest to those
   * above it.
   */
  private static final int MOST_NESTED = 50;

  /** From here on, it is a trap: each callback asks for another one. */
  private static final int FAR_TOO_NESTED = 200;

  private Queue<Runnable> afterCall = new ArrayDeque<>();
  private int nested;

  private final EventLoop loop;
  private final Deadline deadline;
  private final Tokens tokens = new Tokens();
  private final List<PluginRoot> plugins = new ArrayList<>();

  private int depth;
  private boolean closed;
  private int nextContextId = 1;
  private Optional<WasmTrapException> failure = Optional.empty();

  /** Links, instantiates and initialises. */
  WasmVm(
      LoadedModule module,
      AbiVersion version,
      CallScope.Settings calls,
      VmResources resources,
      EventLoop loop,
      Deadline deadline) {
    this.calls = calls;
    this.deadline = deadline;
    this.loop = loop;
    this.resources = resources;
    this.version = version;
    this.scope = new CallScope(calls, trap -> fail("malloc", trap));
    boolean hasMemory =
        module.exports().stream().anyMatch(e -> e.kind() == ExternKind.MEMORY)
            || module.imports().stream().anyMatch(i -> i.kind() == ExternKind.MEMORY);
    if (!hasMemory) {
      throw new ModuleLoadException("Wasm module neither exports nor imports a memory.");
    }
    this.instance =
        module.instantiate(
            new HostFunctions(version, scope).link(module.imports()), resources.maxMemoryPages());
    scope.attach(instance);
    for (Callback callback : Callback.values()) {
      if (callback.isEnvoys() || calls.allows(callback.export())) {
        instance.function(callback.export()).ifPresent(f -> callbacks.put(callback, f));
      }
    }
    initialize();
  }

  private void initialize() {
    try {
      scope.inStartSection(
          () ->
              deadline.run(
                  () -> {
                    instance.start();
                    return 0;
                  }));
    } catch (WasmTrapException e) {
      throw new ModuleLoadException("Failed to create new Wasm instance: " + e.getMessage(), e);
    }
    if (instance.function("_initialize").isPresent()) {
      callInStartUp("_initialize");
      if (instance.function("main").isPresent()) {
        callInStartUp("main", 0, 0);
      } else if (calls.version().atLeast(EnvoyVersion.V1_39)) {
        callInStartUp("__main_void");
      }
    } else {
      callInStartUp("_start");
    }
  }

  private void callInStartUp(String name, long... arguments) {
    Optional<ExportedFunction> function = instance.function(name);
    if (function.isEmpty()) {
      return;
    }
    try {
      scope.inStartUp(() -> deadline.run(() -> function.get().call(arguments)));
    } catch (WasmTrapException e) {
      throw new ModuleLoadException(failureMessage(name, e), e);
    }
  }

  /**
   * Brings a plugin up in this VM, beside those that are there.
   *
   * @throws ConfigurationRejectedException when the module says no or traps
   */
  PluginRoot start(PluginSettings plugin) {
    PluginRoot root = new PluginRoot(this, newContextId(), plugin, resources.clusters());
    scope.add(root.context());
    root.start();
    plugins.add(root);
    return root;
  }

  /** Whether no plugin has come up, or all have gone. */
  boolean isIdle() {
    return plugins.isEmpty();
  }

  /** A plugin has gone, and with the last one the VM. */
  void over(PluginRoot plugin) {
    plugins.remove(plugin);
    if (isIdle()) {
      close();
    }
  }

  /** Whether the module has trapped. */
  public boolean failed() {
    return failure.isPresent();
  }

  /** Why the VM has failed: what the trap said. */
  public Optional<WasmTrapException> failure() {
    return failure;
  }

  /** A context id that was not used before in this VM. */
  public int newContextId() {
    return nextContextId++;
  }

  /** Makes a stream's context known to the hostcalls. */
  public void add(PluginContext context) {
    scope.add(context);
  }

  /** Forgets a stream's context. */
  public void remove(PluginContext context) {
    scope.remove(context);
  }

  /** Creates a stream's context in the module, below that of its plugin. */
  public void createContext(PluginContext context) {
    call(context, Callback.ON_CONTEXT_CREATE, 0, context.id(), context.root().rootId());
  }

  /**
   * Calls with a header map.
   *
   * @return what the module answers, 0 (continue) when it has no such callback or has failed
   */
  public long callWithHeaders(
      PluginContext context, Callback callback, int headers, boolean endOfStream) {
    return version == AbiVersion.V0_1_0
        ? call(context, callback, 0, context.id(), headers)
        : call(context, callback, 0, context.id(), headers, endOfStream ? 1 : 0);
  }

  /**
   * Calls with a part of a body.
   *
   * @param size in bytes
   * @return what the module answers, 0 (continue) when it has no such callback or has failed
   */
  public long callWithBody(
      PluginContext context, Callback callback, int size, boolean endOfStream) {
    return call(context, callback, 0, context.id(), size, endOfStream ? 1 : 0);
  }

  /**
   * Calls with a number: how many trailers there are, or elements of metadata, or who has closed a
   * connection.
   *
   * @return what the module answers, 0 (continue) when it has no such callback or has failed
   */
  public long callWithNumber(PluginContext context, Callback callback, int number) {
    return call(context, callback, 0, context.id(), number);
  }

  /**
   * Tells of a new connection.
   *
   * @return what the module answers, 0 (continue) when it has no such callback or has failed
   */
  public long callWithConnection(PluginContext context) {
    return call(context, Callback.ON_NEW_CONNECTION, 0, context.id());
  }

  /**
   * Runs the action once the callback that is running has returned; at once when none is.
   *
   * <p>Source: proxy-wasm-cpp-host include/proxy-wasm/wasm.h, WasmBase::addAfterVmCallAction.
   */
  public void afterCall(Runnable action) {
    afterCall.add(action);
    runAfterCall();
  }

  private void runAfterCall() {
    while (depth == 0 && !afterCall.isEmpty()) {
      Runnable action = afterCall.remove();
      nested++;
      try {
        action.run();
      } finally {
        nested--;
      }
    }
  }

  /** Calls with nothing but the context. */
  public long call(PluginContext context, Callback callback) {
    return call(context, callback, 1, context.id());
  }

  /** Ends the VM: no callback reaches the module any more. */
  void close() {
    closed = true;
  }

  /** Whether no callback reaches the module any more. */
  boolean ended() {
    return closed || failed();
  }

  EventLoop loop() {
    return loop;
  }

  Tokens tokens() {
    return tokens;
  }

  long call(PluginContext context, Callback callback, long otherwise, long... arguments) {
    ExportedFunction function = callbacks.get(callback);
    if (function == null || context.root().ended()) {
      return otherwise;
    }
    if (nested >= FAR_TOO_NESTED) {
      fail(callback.export(), new WasmTrapException("call stack exhausted"));
      return 0;
    }
    if (nested < MOST_NESTED || depth > 0) {
      return callAndThen(context, callback, function, arguments);
    }
    Queue<Runnable> askedBefore = afterCall;
    afterCall = new ArrayDeque<>();
    try {
      return callAndThen(context, callback, function, arguments);
    } finally {
      askedBefore.addAll(afterCall);
      afterCall = askedBefore;
    }
  }

  /** Calls, and does what the module has asked for. */
  private long callAndThen(
      PluginContext context, Callback callback, ExportedFunction function, long... arguments) {
    long result;
    depth++;
    try {
      result = (int) scope.in(context, () -> deadline.run(() -> function.call(arguments)));
    } catch (WasmTrapException e) {
      fail(callback.export(), e);
      result = 0;
    } finally {
      depth--;
    }
    runAfterCall();
    return result;
  }

  private void fail(String function, WasmTrapException trap) {
    calls.log().accept(new LogLine(LogLevel.CRITICAL, failureMessage(function, trap)));
    failure = Optional.of(trap);
  }

  private static String failureMessage(String function, WasmTrapException trap) {
    return "Function: " + function + " failed: " + trap.getMessage();
  }
}
