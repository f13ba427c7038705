package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;

/** The context of a VM that starts up or allocates memory: it has nothing. */
enum VmContext implements CallContext {
  INSTANCE;

  @Override
  public int id() {
    return 0;
  }

  @Override
  public RootActions root() {
    throw new IllegalStateException("no hostcall of a plugin is allowed in the VM's own context");
  }

  @Override
  public String logPrefix() {
    return "";
  }

  @Override
  public Optional<PropertyValue> property(ByteString firstSegment) {
    return Optional.empty();
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
    return Optional.empty();
  }
}
