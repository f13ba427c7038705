package dev.nametag.plugin;

import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;

/**
 * A property that several labels read from, such as all of Kuadrant's authentication data or all
 * metadata: asked for once per stream.
 */
final class SharedProperty extends ValueSource {
  private final Stream stream;
  private final Property property;
  private int readFor = -1;
  private int found;
  private int address;
  private int size;

  SharedProperty(RawHostcalls host, Stream stream, PropertyPath path) {
    this.stream = stream;
    this.property = new Property(host, stream.region, path);
  }

  @Override
  @HeapFree
  int read(Window value) {
    if (readFor != stream.readings) {
      found = property.read(value);
      if (found == FAILED) {
        return FAILED;
      }
      address = value.address;
      size = value.size;
      readFor = stream.readings;
    }
    value.address = address;
    value.size = size;
    return found;
  }
}
