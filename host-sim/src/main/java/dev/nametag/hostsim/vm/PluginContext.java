package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.CallContext;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.WasmResult;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every context of a plugin has: the plugin's names, the node and the VM configuration. The
 * root context is this and no more; that of a stream adds the stream.
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
      case "xds" -> Optional.of(branch(this::xds));
      default -> Optional.empty();
    };
  }

  /** What {@code xds} leads to. */
  protected Optional<PropertyValue> xds(ByteString name) {
    if (!name.toString().equals("node")) {
      return Optional.empty();
    }
    // The node is a protobuf message, which the simulator cannot serialise.
    return Optional.of(
        new PropertyValue.Branch(
            key ->
                Optional.ofNullable(
                    Map.of("metadata", settings.nodeMetadata()).get(key.toString())),
            WasmResult.UNIMPLEMENTED));
  }

  /**
   * A place whose names cannot be listed, so that a guest cannot read it as a whole; that the
   * answer is then SERIALIZATION_FAILURE is derived from Envoy's code.
   */
  protected static PropertyValue branch(Function<ByteString, Optional<PropertyValue>> child) {
    return new PropertyValue.Branch(child, WasmResult.SERIALIZATION_FAILURE);
  }

  @Override
  public WasmResult setFilterState(ByteString key, ByteString value) {
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
