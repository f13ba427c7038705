package dev.nametag.plugin;

import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.Constant;
import dev.nametag.naming.ListPolicy;
import dev.nametag.naming.Selector;
import dev.nametag.naming.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes readers of what a configuration names, once, when it is read. */
final class ValueSources {
  private static final String FILTER_METADATA = "filter_metadata";

  private final RawHostcalls host;
  private final Stream stream;

  /** Messages that several labels read from, by their paths with dots. */
  private final Map<String, SharedProperty> messages = new LinkedHashMap<>();

  ValueSources(RawHostcalls host, Stream stream) {
    this.host = host;
    this.stream = stream;
  }

  /** Returns a reader that tries the sources in order; the first that has a value wins. */
  ValueSource of(List<Source> sources) {
    return of(sources, ListPolicy.NONE);
  }

  /** The same for a label that shows lists in some way. */
  ValueSource of(List<Source> sources, ListPolicy policy) {
    ValueSource[] readers = new ValueSource[sources.size()];
    for (int i = 0; i < readers.length; i++) {
      ValueSource reader = of(sources.get(i), policy != ListPolicy.NONE);
      // Each by itself: an empty list is no value, so the next source is asked.
      readers[i] = policy == ListPolicy.NONE ? reader : new ListValue(stream, reader, policy);
    }
    return readers.length == 1 ? readers[0] : new FirstOf(readers);
  }

  private ValueSource of(Source source, boolean lists) {
    if (source instanceof Constant constant) {
      return new ConstantValue(Bytes.of(stream.region, constant.value()));
    }
    Selector selector = (Selector) source;
    Selector.Type type = selector.type();
    boolean filterState = selector.startsWith("filter_state");
    ValueSource reader = untyped(selector, lists);
    if (type != Selector.Type.ANY && type != Selector.Type.STRING) {
      reader = new TypedValue(stream, reader, type, filterState);
    }
    if (selector.startsWith("xds", "node")) {
      reader = once(reader);
    }
    return selector.split() == null ? reader : new PartOf(stream.region, reader, selector.split());
  }

  private ValueSource untyped(Selector selector, boolean lists) {
    if (selector.startsWith("auth")) {
      return identity(selector, lists);
    }
    List<String> path = new ArrayList<>();
    for (Selector.Step step : selector.path()) {
      path.add(Steps.text(step));
    }
    if (path.get(0).equals("metadata") && path.size() > 1) {
      int namespace = path.get(1).equals(FILTER_METADATA) ? 2 : 1;
      return path.size() <= namespace
          ? property(path, 0)
          : metadata(selector, List.of("metadata"), namespace, lists);
    }
    if (path.get(0).equals("xds")) {
      boolean metadata =
          path.size() > 4
              && path.get(1).endsWith("_metadata")
              && path.get(2).equals(FILTER_METADATA);
      List<String> names = path.subList(0, 2);
      ValueSource reader = metadata ? metadata(selector, names, 3, lists) : property(path, 0);
      if (!Attributes.hadNameOfItsOwn(path.get(1))) {
        return reader;
      }
      names = path.subList(1, 2);
      return new FirstOf(
          reader, metadata ? metadata(selector, names, 3, lists) : property(path, 1));
    }
    return property(path, 0);
  }

  private IdentityValue identity(Selector selector, boolean lists) {
    Steps steps = new Steps(selector);
    SharedProperty message = message(List.of("filter_state", "wasm.kuadrant.auth"));
    StructValue struct = new StructValue(stream, message, false, steps.from(1), steps.index, lists);
    List<Selector.Step> path = new ArrayList<>();
    path.add(new Selector.Key("envoy.filters.http.ext_authz"));
    path.addAll(steps.from(1));
    MetadataValue metadata = metadata(selector, List.of("metadata"), path, steps.index, lists);
    return new IdentityValue(host, stream, steps, struct, metadata, lists);
  }

  /** Reads what the selector leads to from a namespace on, which is the step of that number. */
  private MetadataValue metadata(
      Selector selector, List<String> root, int namespace, boolean lists) {
    Steps steps = new Steps(selector);
    return metadata(selector, root, steps.from(namespace), steps.index, lists);
  }

  private MetadataValue metadata(
      Selector selector, List<String> root, List<Selector.Step> steps, int index, boolean lists) {
    List<String> path = new ArrayList<>(root);
    path.add(FILTER_METADATA);
    for (Selector.Step step : steps) {
      path.add(Steps.text(step));
    }
    Property leaf = new Property(host, stream.region, pathOf(path, 0));
    Property element = null;
    if (index >= 0) {
      path.add(Integer.toString(index));
      element = new Property(host, stream.region, pathOf(path, 0));
    }
    StructValue typed =
        selector.type() == Selector.Type.STRING
            ? null
            : new StructValue(stream, message(root), true, steps, index, lists);
    return new MetadataValue(host, leaf, element, index, typed, lists);
  }

  private SharedProperty message(List<String> path) {
    String key = String.join(".", path);
    SharedProperty message = messages.get(key);
    if (message == null) {
      message = new SharedProperty(host, stream, pathOf(path, 0));
      messages.put(key, message);
    }
    return message;
  }

  private ValueSource property(List<String> path, int from) {
    Property property = new Property(host, stream.region, pathOf(path, from));
    Selector.Type type = Attributes.type(String.join(".", path));
    return type == Selector.Type.ANY ? property : new TypedValue(stream, property, type, true);
  }

  /**
   * What describes the proxy stays the same for as long as the proxy runs. What the host fails to
   * give now is asked for again with every stream.
   */
  private ValueSource once(ValueSource reader) {
    Window value = new Window();
    int found = reader.read(value);
    while (found == ValueSource.FAILED && host.lacksRoom()) {
      host.makeRoom();
      found = reader.read(value);
    }
    if (found != ValueSource.FOUND && found != ValueSource.NONE) {
      return reader;
    }
    return new ConstantValue(
        found == ValueSource.FOUND
            ? new Bytes(stream.region, Blocks.toArray(value.address, value.size))
            : null);
  }

  private static PropertyPath pathOf(List<String> segments, int from) {
    return PropertyPath.of(segments.subList(from, segments.size()).toArray(new String[0]));
  }
}
