package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;

/**
 * Proxy-Wasm ABI v0.2.1, section Properties.
 *
 * <p>Source of the walk along a path: Envoy source/extensions/common/wasm/context.cc,
 * Context::getProperty. The answer to an empty path is derived from that code.
 */
final class PropertyCalls {

  private static final ByteString CEL_STATE_PREFIX = ByteString.utf8("wasm.");

  private final CallScope scope;

  PropertyCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_get_property", "i32 i32 i32 i32 -> i32", this::getProperty);
    functions.proxy("proxy_set_property", "i32 i32 i32 i32 -> i32", this::setProperty);
  }

  private WasmResult getProperty(long[] arguments) {
    ByteString path = scope.read((int) arguments[0], (int) arguments[1]);
    if (path.isEmpty()) {
      return WasmResult.SERIALIZATION_FAILURE;
    }
    Optional<PropertyValue> value = find(path);
    if (value.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    ByteString encoded;
    try {
      encoded = PropertyBytes.of(value.get(), Long.MAX_VALUE);
    } catch (PropertyBytes.UnreadableException e) {
      return e.result();
    }
    scope.give(encoded, (int) arguments[2], (int) arguments[3]);
    return WasmResult.OK;
  }

  private WasmResult setProperty(long[] arguments) {
    ByteString key = scope.read((int) arguments[0], (int) arguments[1]);
    ByteString value = scope.read((int) arguments[2], (int) arguments[3]);
    ByteString stateKey = CEL_STATE_PREFIX.concat(key);
    if (scope.isReadOnly(key) && find(key).isPresent()) {
      return WasmResult.BAD_ARGUMENT;
    }
    return scope
        .context()
        .setFilterState(
            stateKey,
            scope.isText(key) ? new PropertyValue.Text(value) : new PropertyValue.Bytes(value));
  }

  /** Follows the segments, which zero bytes separate; one at the very end is ignored. */
  private Optional<PropertyValue> find(ByteString path) {
    Optional<PropertyValue> value = Optional.empty();
    int start = 0;
    while (start < path.size()) {
      int zero = path.indexOf('\0', start);
      int end = zero < 0 ? path.size() : zero;
      ByteString segment = path.slice(start, end);
      value =
          start == 0
              ? scope.context().property(segment)
              : value.flatMap(parent -> child(parent, segment));
      if (value.isEmpty()) {
        return value;
      }
      start = end + 1;
    }
    return value;
  }

  private static Optional<PropertyValue> child(PropertyValue parent, ByteString segment) {
    if (parent instanceof PropertyValue.Elements elements) {
      return index(segment).filter(i -> i < elements.values().size()).map(elements.values()::get);
    }
    return parent.child(segment);
  }

  private static Optional<Integer> index(ByteString segment) {
    try {
      int index = Integer.parseInt(segment.toString().strip());
      return index < 0 ? Optional.empty() : Optional.of(index);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
