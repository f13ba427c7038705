package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.Utf8;
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

  private final Hostcalls host;

  ValueSources(Hostcalls host) {
    this.host = host;
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
      return new ConstantValue(Utf8.encode(constant.value()));
    }
    Selector selector = (Selector) source;
    ValueSource reader;
    if (selector.startsWith("auth")) {
      reader = new IdentityValue(host, selector);
    } else if (selector.startsWith("xds", "node")) {
      reader = once(properties(selector));
    } else {
      reader = properties(selector);
    }
    return selector.split() == null ? reader : new PartOf(reader, selector.split());
  }

  /** What describes the proxy stays the same for as long as the proxy runs. */
  private static ValueSource once(ValueSource reader) {
    HostBytes value = new HostBytes();
    if (reader.read(value)) {
      return new ConstantValue(value.copy());
    }
    return nothing -> false;
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
    ValueSource reader = new PropertyValue(host, pathOf(path, 0), integer);
    if (path.get(0).equals("xds") && hadNameOfItsOwn(path.get(1))) {
      ValueSource older = new PropertyValue(host, pathOf(path, 1), integer);
      return new FirstOf(reader, older);
    }
    return reader;
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

  private static final class FirstOf implements ValueSource {
    private final ValueSource[] readers;

    FirstOf(ValueSource... readers) {
      this.readers = readers;
    }

    @Override
    public boolean read(HostBytes value) {
      for (ValueSource reader : readers) {
        if (reader.read(value)) {
          return true;
        }
      }
      return false;
    }
  }

  private static final class ConstantValue implements ValueSource {
    private final byte[] bytes;

    ConstantValue(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean read(HostBytes value) {
      value.set(bytes, 0, bytes.length);
      return true;
    }
  }

  private record PropertyValue(Hostcalls host, PropertyPath path, boolean integer)
      implements ValueSource {
    @Override
    public boolean read(HostBytes value) {
      if (!host.getProperty(path, value)) {
        return false;
      }
      if (integer && value.length() == 8) {
        byte[] text = Utf8.encode(Long.toString(value.int64()));
        value.set(text, 0, text.length);
      }
      return true;
    }
  }

  /** One part of a text between separators. */
  private static final class PartOf implements ValueSource {
    private final ValueSource whole;
    private final byte[] separator;
    private final int index;

    PartOf(ValueSource whole, Selector.Split split) {
      this.whole = whole;
      this.separator = Utf8.encode(split.separator());
      this.index = split.index();
    }

    @Override
    public boolean read(HostBytes value) {
      return whole.read(value) && Text.part(value, separator, index);
    }
  }
}
