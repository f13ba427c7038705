package dev.nametag.plugin;

import dev.nametag.abi.HostcallException;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.WasmResult;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.abi.memory.Region;
import dev.nametag.naming.Constant;
import dev.nametag.naming.Selector;
import dev.nametag.naming.Source;
import java.util.ArrayList;
import java.util.List;

/** Makes readers of what a configuration names, once, when it is read. */
final class ValueSources {
  /** Attributes that Envoy gives as 8 bytes (Envoy documentation, Attributes). */
  private static final String[] INTEGERS = {
    "request.size", "request.total_size", "request.duration", "request.time",
    "response.code", "response.flags", "response.grpc_status", "response.size",
    "response.total_size", "response.backend_latency", "source.port", "destination.port",
    "upstream.port", "upstream.request_attempt_count", "connection.id", "xds.listener_direction",
  };

  private static final String[] FORMERLY_BARE = {
    "node",
    "cluster_name",
    "cluster_metadata",
    "route_name",
    "route_metadata",
    "listener_direction",
    "listener_metadata",
    "upstream_host_metadata",
  };

  private final RawHostcalls host;
  private final Stream stream;

  ValueSources(RawHostcalls host, Stream stream) {
    this.host = host;
    this.stream = stream;
  }

  /** Returns a reader that tries the sources in order; the first that has a value wins. */
  ValueSource of(List<Source> sources) {
    ValueSource[] readers = new ValueSource[sources.size()];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = of(sources.get(i));
    }
    return readers.length == 1 ? readers[0] : new FirstOf(readers);
  }

  private ValueSource of(Source source) {
    if (source instanceof Constant constant) {
      return new ConstantValue(Bytes.of(stream.region, constant.value()));
    }
    Selector selector = (Selector) source;
    ValueSource reader;
    if (selector.startsWith("auth")) {
      reader = new IdentityValue(host, stream, selector);
    } else if (selector.startsWith("xds", "node")) {
      reader = once(properties(selector));
    } else {
      reader = properties(selector);
    }
    return selector.split() == null ? reader : new PartOf(stream.region, reader, selector.split());
  }

  /** What describes the proxy stays the same for as long as the proxy runs. */
  private ConstantValue once(ValueSource reader) {
    Window value = new Window();
    int found = reader.read(value);
    while (found == ValueSource.FAILED && host.lacksRoom()) {
      host.makeRoom();
      found = reader.read(value);
    }
    if (found == ValueSource.FAILED) {
      throw new HostcallException("proxy_get_property", WasmResult.of(value.failure));
    }
    return new ConstantValue(
        found == ValueSource.FOUND
            ? new Bytes(stream.region, Blocks.toArray(value.address, value.size))
            : null);
  }

  private ValueSource properties(Selector selector) {
    List<String> path = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (Selector.Step step : selector.path()) {
      String segment =
          step instanceof Selector.Key key
              ? key.name()
              : Integer.toString(((Selector.Index) step).index());
      name.append(name.length() == 0 ? "" : ".").append(segment);
      path.add(segment);
    }
    if (path.get(0).equals("metadata")
        && path.size() > 1
        && !"filter_metadata".equals(path.get(1))) {
      path.add(1, "filter_metadata");
    }
    boolean integer = isInteger(name.toString());
    ValueSource reader = property(pathOf(path, 0), integer);
    if (path.get(0).equals("xds") && hadNameOfItsOwn(path.get(1))) {
      ValueSource older = property(pathOf(path, 1), integer);
      return new FirstOf(reader, older);
    }
    return reader;
  }

  private ValueSource property(PropertyPath path, boolean integer) {
    Property property = new Property(host, stream.region, path);
    return integer ? new IntegerProperty(stream.region, property) : property;
  }

  /** Before Envoy 1.33 some attributes were not below {@code xds}. */
  private static boolean hadNameOfItsOwn(String name) {
    for (String each : FORMERLY_BARE) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static PropertyPath pathOf(List<String> segments, int from) {
    return PropertyPath.of(segments.subList(from, segments.size()).toArray(new String[0]));
  }

  private static boolean isInteger(String name) {
    for (String each : INTEGERS) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static final class FirstOf extends ValueSource {
    private final ValueSource[] readers;

    FirstOf(ValueSource... readers) {
      this.readers = readers;
    }

    @Override
    @HeapFree
    int read(Window value) {
      for (int i = 0; i < readers.length; i++) {
        int found = readers[i].read(value);
        if (found != NONE) {
          return found;
        }
      }
      return NONE;
    }
  }

  /** A number of 8 bytes, written out. */
  private static final class IntegerProperty extends ValueSource {
    private static final int MAX_DIGITS = 20;

    private final Property property;
    private final int text;

    IntegerProperty(Region region, Property property) {
      this.text = region.allocate(MAX_DIGITS);
      this.property = property;
    }

    @Override
    @HeapFree
    int read(Window value) {
      int found = property.read(value);
      if (found == FOUND && value.size == 8) {
        write(Memory.getLong(value.address), value);
      }
      return found;
    }

    @HeapFree
    private void write(long number, Window value) {
      int at = text + MAX_DIGITS;
      // Negative, since the smallest number has no positive counterpart.
      long rest = number < 0 ? number : -number;
      do {
        at--;
        Memory.putByte(at, '0' - (int) (rest % 10));
        rest /= 10;
      } while (rest != 0);
      if (number < 0) {
        at--;
        Memory.putByte(at, '-');
      }
      value.address = at;
      value.size = text + MAX_DIGITS - at;
    }
  }

  /** One part of a text between separators. */
  private static final class PartOf extends ValueSource {
    private final ValueSource whole;
    private final Bytes separator;
    private final int index;

    PartOf(Region region, ValueSource whole, Selector.Split split) {
      this.whole = whole;
      this.separator = Bytes.of(region, split.separator());
      this.index = split.index();
    }

    @Override
    @HeapFree
    int read(Window value) {
      int found = whole.read(value);
      return found == FOUND && !Text.part(value, separator.address, separator.size, index)
          ? NONE
          : found;
    }
  }
}
