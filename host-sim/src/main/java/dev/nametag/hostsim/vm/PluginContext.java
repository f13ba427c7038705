package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.CallContext;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every context of a plugin has: the plugin's names, the node and the VM configuration. The
 * root context is this and no more; that of a stream adds the stream.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::findValue. Until 1.32, {@code
 * node} and what is now below {@code xds} stood alone; both names lead to it from 1.30 to 1.32. A
 * root context knows {@code xds} from 1.30 on (envoyproxy/envoy#31620, #32077, #36619).
 */
public abstract class PluginContext implements CallContext {

  private final int id;
  private final PluginSettings settings;

  protected PluginContext(int id, PluginSettings settings) {
    this.id = id;
    this.settings = settings;
  }

  @Override
  public final int id() {
    return id;
  }

  @Override
  public abstract PluginRoot root();

  @Override
  public final String logPrefix() {
    return settings.logPrefix();
  }

  @Override
  public Optional<PropertyValue> property(ByteString firstSegment) {
    return switch (firstSegment.toString()) {
      case "plugin_name" -> Optional.of(PropertyValue.text(settings.name()));
      case "plugin_root_id" -> Optional.of(PropertyValue.text(settings.rootId()));
      case "plugin_vm_id" -> Optional.of(PropertyValue.text(settings.vmId()));
      // Before, only a stream knew it.
      case "xds" -> since(EnvoyVersion.V1_30) ? Optional.of(branch(this::xds)) : Optional.empty();
      case "node" ->
          since(EnvoyVersion.V1_33) ? Optional.empty() : Optional.of(settings.node().property());
      default -> Optional.empty();
    };
  }

  /** What {@code xds} leads to. */
  protected Optional<PropertyValue> xds(ByteString name) {
    return since(EnvoyVersion.V1_30) && name.toString().equals("node")
        ? Optional.of(settings.node().property())
        : Optional.empty();
  }

  /** Whether the properties are those of that release or a later one. */
  protected final boolean since(EnvoyVersion release) {
    return settings.release().atLeast(release);
  }

  /**
   * A place whose names cannot be listed, so that a guest cannot read it as a whole; that the
   * answer is then SERIALIZATION_FAILURE is derived from Envoy's code.
   */
  protected static PropertyValue branch(Function<ByteString, Optional<PropertyValue>> child) {
    return new PropertyValue.Branch(child, WasmResult.SERIALIZATION_FAILURE);
  }

  @Override
  public WasmResult setFilterState(ByteString key, PropertyValue value) {
    return WasmResult.NOT_FOUND;
  }

  @Override
  public Optional<HeaderMap> writableHeaders(HeaderMapType type) {
    return Optional.empty();
  }

  @Override
  public Optional<HeaderMap> readableHeaders(HeaderMapType type) {
    return Optional.empty();
  }

  @Override
  public boolean inAccessLog() {
    return false;
  }

  @Override
  public Optional<ByteString> buffer(BufferType type) {
    return type == BufferType.VM_CONFIGURATION
        ? Optional.of(settings.vmConfiguration())
        : Optional.empty();
  }
}
