package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.engine.ExportedFunction;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LinearMemory;
import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.shared.SharedState;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.time.SimClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the hostcalls of one VM share: its memory and allocator, its contexts and the one that is
 * running, its metric ids, and where its log lines go. One thread at a time.
 */
public final class CallScope {

  private final Settings settings;
  private final MetricIds metrics;
  private final Map<Integer, CallContext> contexts = new HashMap<>();
  private final Consumer<WasmTrapException> allocationTraps;

  /** By the contexts that have declared them. */
  private final Map<Integer, Map<ByteString, Declared>> declaredProperties = new HashMap<>();

  private LinearMemory memory;
  private ExportedFunction allocator;
  private Restriction restriction = Restriction.NONE;
  private CallContext current = VmContext.INSTANCE;
  private int effectiveId;

  /**
   * What a VM is given for its hostcalls.
   *
   * @param environment the variables of {@code environ_get}
   * @param logLevel the least level that is logged
   * @param log takes the lines
   * @param capabilities the only functions that do what they should, by their names without module,
   *     those of the module too; all of them when empty
   */
  public record Settings(
      Stats stats,
      Map<String, String> environment,
      LogLevel logLevel,
      Consumer<LogLine> log,
      EnvoyVersion version,
      Set<String> capabilities,
      SimClock clock,
      SharedState shared) {

    public Settings {
      environment = Map.copyOf(environment);
      capabilities = Set.copyOf(capabilities);
    }

    /** Whether the function of that name does what it should. */
    public boolean allows(String function) {
      return capabilities.isEmpty() || capabilities.contains(function);
    }
  }

  /**
   * A scope without contexts.
   *
   * @param allocationTraps told when the module traps while it allocates memory for the host; the
   *     hostcall then answers INVALID_MEMORY_ACCESS and its caller runs on
   */
  public CallScope(Settings settings, Consumer<WasmTrapException> allocationTraps) {
    this.settings = settings;
    this.metrics = new MetricIds(settings.stats());
    this.allocationTraps = allocationTraps;
  }

  /** Takes memory and allocator from the instance whose calls these will be. */
  public void attach(Instance instance) {
    memory = instance.memory();
    allocator =
        instance
            .function("malloc")
            .or(() -> instance.function("proxy_on_memory_allocate"))
            .orElseThrow();
  }

  /** Makes a context known by its id. */
  public void add(CallContext context) {
    contexts.put(context.id(), context);
  }

  /** Forgets a context. */
  public void remove(CallContext context) {
    contexts.remove(context.id());
    declaredProperties.remove(context.id());
  }

  /**
   * Runs the start section: hostcalls that need the module's memory or a context are not allowed.
   */
  public void inStartSection(Runnable action) {
    restricted(
        Restriction.START_SECTION,
        () -> {
          action.run();
          return 0L;
        });
  }

  /** Runs an initialisation function: few hostcalls are allowed. */
  public long inStartUp(Supplier<Long> action) {
    return restricted(Restriction.START_UP, action);
  }

  private long restricted(Restriction during, Supplier<Long> action) {
    Restriction before = restriction;
    restriction = during;
    try {
      return in(VmContext.INSTANCE, action);
    } finally {
      restriction = before;
    }
  }

  /** Runs a callback: hostcalls are made in that context, unless the module sets another one. */
  public long in(CallContext context, Supplier<Long> action) {
    CallContext contextBefore = current;
    int effectiveBefore = effectiveId;
    current = context;
    effectiveId = 0;
    try {
      return action.get();
    } finally {
      current = contextBefore;
      effectiveId = effectiveBefore;
    }
  }

  /** What calls of the plugin have brought back. */
  CallResults callResults() {
    return root().results();
  }

  /** What the plugin of the current context does beyond one callback. */
  RootActions root() {
    return context().root();
  }

  SharedState shared() {
    return settings.shared();
  }

  SimClock clock() {
    return settings.clock();
  }

  EnvoyVersion version() {
    return settings.version();
  }

  boolean hasCapability(String function) {
    return settings.allows(function);
  }

  void checkAllowed(String function, boolean wasi) {
    if (!restriction.allows(function, wasi, settings.version())) {
      throw new WasmTrapException("restricted_callback");
    }
  }

  /** The context of the callback that runs, whatever the effective one is. */
  CallContext currentContext() {
    return current;
  }

  /** The context that the current hostcall is about. */
  CallContext context() {
    CallContext effective = effectiveId == 0 ? null : contexts.get(effectiveId);
    return effective == null ? current : effective;
  }

  WasmResult setEffectiveContext(int id) {
    // The VM's own context is known to Envoy under 0, too.
    if (id != 0 && !contexts.containsKey(id)) {
      return WasmResult.BAD_ARGUMENT;
    }
    effectiveId = id;
    return WasmResult.OK;
  }

  /**
   * Notes how a property is to be kept; says whether the context had not noted it before. Only what
   * a root context notes is of any use. Source: Envoy source/extensions/common/wasm/context.cc,
   * Context::declareProperty and setProperty.
   */
  boolean declare(ByteString property, boolean readOnly, boolean text) {
    return declaredProperties
            .computeIfAbsent(current.id(), id -> new HashMap<>())
            .putIfAbsent(property, new Declared(readOnly, text))
        == null;
  }

  /** Whether a property can be set but once. */
  boolean isReadOnly(ByteString property) {
    return declared(property).readOnly();
  }

  /** Whether a property is a string, not bytes. */
  boolean isText(ByteString property) {
    return declared(property).text();
  }

  private Declared declared(ByteString property) {
    return declaredProperties
        .getOrDefault(root().rootId(), Map.of())
        .getOrDefault(property, Declared.NOT);
  }

  /** Source: Envoy source/extensions/filters/common/expr/cel_state.h, CelStatePrototype. */
  private record Declared(boolean readOnly, boolean text) {
    static final Declared NOT = new Declared(false, false);
  }

  MetricIds metrics() {
    return metrics;
  }

  Map<String, String> environment() {
    return settings.environment();
  }

  LogLevel logLevel() {
    return settings.logLevel();
  }

  void log(LogLevel level, String text) {
    if (level.compareTo(settings.logLevel()) >= 0) {
      settings.log().accept(new LogLine(level, "wasm log" + context().logPrefix() + ": " + text));
    }
  }

  /** Copies bytes out of the guest. */
  ByteString read(int address, int length) {
    checkRange(address, Integer.toUnsignedLong(length));
    return ByteString.of(memory.read(address, length));
  }

  int readInt(int address) {
    checkRange(address, Integer.BYTES);
    return memory.readInt(address);
  }

  void write(int address, byte[] bytes) {
    checkRange(address, bytes.length);
    memory.write(address, bytes);
  }

  void writeInt(int address, int value) {
    checkRange(address, Integer.BYTES);
    memory.writeInt(address, value);
  }

  void writeLong(int address, long value) {
    checkRange(address, Long.BYTES);
    memory.writeLong(address, value);
  }

  /**
   * Gives bytes to the guest in memory that it allocates itself; no bytes are a null pointer.
   *
   * <p>Source: proxy-wasm-cpp-host include/proxy-wasm/wasm.h, WasmBase::copyToPointerSize.
   */
  void give(ByteString value, int pointerAddress, int sizeAddress) {
    int pointer = 0;
    if (!value.isEmpty()) {
      pointer = allocate(value.size()).orElseThrow(InvalidAccessException::new);
      write(pointer, value.toByteArray());
    }
    writeInt(pointerAddress, pointer);
    writeInt(sizeAddress, value.size());
  }

  /**
   * Gives the result of a foreign function: each address may be 0, when the guest does not want
   * what belongs there. Source: proxy-wasm-cpp-host src/exports.cc, call_foreign_function.
   */
  void giveOptional(ByteString value, int pointerAddress, int sizeAddress) {
    int pointer = 0;
    if (pointerAddress != 0 && !value.isEmpty()) {
      pointer = allocate(value.size()).orElseThrow(InvalidAccessException::new);
      write(pointer, value.toByteArray());
    }
    if (pointerAddress != 0) {
      writeInt(pointerAddress, pointer);
    }
    if (sizeAddress != 0) {
      writeInt(sizeAddress, value.size());
    }
  }

  private Optional<Integer> allocate(int size) {
    try {
      int address = (int) restricted(Restriction.ALLOCATION, () -> allocator.call(size));
      return address == 0 ? Optional.empty() : Optional.of(address);
    } catch (WasmTrapException e) {
      allocationTraps.accept(e);
      return Optional.empty();
    }
  }

  private void checkRange(int address, long length) {
    if (Integer.toUnsignedLong(address) + length > memory.size()) {
      throw new InvalidAccessException();
    }
  }
}
