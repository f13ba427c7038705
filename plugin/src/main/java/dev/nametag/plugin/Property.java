package dev.nametag.plugin;

import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.abi.memory.Region;

/** A property of the host's. */
final class Property extends ValueSource {
  private final RawHostcalls host;
  private final int path;
  private final int pathSize;

  Property(RawHostcalls host, Region region, PropertyPath path) {
    Bytes bytes = new Bytes(region, path.bytes());
    this.host = host;
    this.path = bytes.address;
    this.pathSize = bytes.size;
  }

  @Override
  @HeapFree
  int read(Window value) {
    int result = host.getProperty(path, pathSize);
    if (result == RawHostcalls.OK) {
      value.address = host.valueAddress();
      value.size = host.valueSize();
      return FOUND;
    }
    value.failure = result;
    // For a null, and for a list or map with a null in it, Envoy answers SERIALIZATION_FAILURE.
    return result == RawHostcalls.NOT_FOUND || result == RawHostcalls.SERIALIZATION_FAILURE
        ? NONE
        : FAILED;
  }
}
