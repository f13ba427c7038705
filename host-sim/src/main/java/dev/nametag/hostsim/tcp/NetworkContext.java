package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.StreamType;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.stream.ConnectionAttributes;
import dev.nametag.hostsim.vm.PluginContext;
import dev.nametag.hostsim.vm.PluginRoot;
import java.util.Optional;

/** A connection as the module sees it. It has no headers, and nothing to answer. */
final class NetworkContext extends PluginContext {

  private final NetworkFilter filter;
  private final PluginRoot root;
  private final ConnectionAttributes attributes;

  NetworkContext(int id, PluginRoot root, NetworkFilter filter, TcpSetup setup) {
    super(id, root.plugin());
    this.root = root;
    this.filter = filter;
    this.attributes =
        new ConnectionAttributes(
            setup.connection(), setup.listener(), root.plugin().release(), this);
  }

  ConnectionAttributes attributes() {
    return attributes;
  }

  @Override
  public PluginRoot root() {
    return root;
  }

  @Override
  public Optional<PropertyValue> property(ByteString firstSegment) {
    return firstSegment.toString().equals("xds")
        ? Optional.of(branch(this::xds))
        : attributes
            .find(firstSegment)
            .or(() -> super.property(firstSegment))
            .or(() -> attributes.alone(firstSegment));
  }

  @Override
  protected Optional<PropertyValue> xds(ByteString name) {
    return attributes.xds(name).or(() -> super.xds(name));
  }

  @Override
  public WasmResult setFilterState(ByteString key, PropertyValue value) {
    attributes.setFilterState(key, value);
    return WasmResult.OK;
  }

  @Override
  public Optional<ByteQueue> body(BufferType type) {
    return filter.buffer(type);
  }

  @Override
  public WasmResult continueStream(StreamType type) {
    if (type == StreamType.DOWNSTREAM) {
      filter.resume();
    }
    return WasmResult.OK;
  }

  @Override
  public WasmResult closeStream(StreamType type) {
    switch (type) {
      case DOWNSTREAM -> filter.close("wasm_downstream_close");
      case UPSTREAM -> filter.close("wasm_upstream_close");
      case HTTP_REQUEST, HTTP_RESPONSE -> {}
    }
    return WasmResult.OK;
  }
}
