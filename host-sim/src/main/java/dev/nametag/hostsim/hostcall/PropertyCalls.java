package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proxy-Wasm ABI v0.2.1, section Properties.
 *
 * <p>Source of the walk along a path and of the encodings: Envoy
 * source/extensions/common/wasm/context.cc, Context::getProperty and serializeValue. The answer to
 * an empty path, and that an empty map is four zero bytes, are derived from that code.
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
      encoded = encode(value.get());
    } catch (UnreadableException e) {
      return e.result;
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
    return scope.context().setFilterState(stateKey, value);
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
    if (parent instanceof PropertyValue.Branch branch) {
      return branch.child().apply(segment);
    }
    if (parent instanceof PropertyValue.Listed listed) {
      return listed.child().apply(segment);
    }
    if (parent instanceof PropertyValue.Message message) {
      return message.child().apply(segment);
    }
    if (parent instanceof PropertyValue.Fields fields) {
      return Optional.ofNullable(fields.values().get(segment));
    }
    if (parent instanceof PropertyValue.Elements elements) {
      return index(segment).filter(i -> i < elements.values().size()).map(elements.values()::get);
    }
    return Optional.empty();
  }

  private static Optional<Integer> index(ByteString segment) {
    try {
      int index = Integer.parseInt(segment.toString().strip());
      return index < 0 ? Optional.empty() : Optional.of(index);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static ByteString encode(PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      return text.bytes();
    }
    if (value instanceof PropertyValue.Message message) {
      return message.wire().get();
    }
    if (value instanceof PropertyValue.Int number) {
      return encode(number.value());
    }
    if (value instanceof PropertyValue.Num number) {
      return encode(Double.doubleToRawLongBits(number.value()));
    }
    if (value instanceof PropertyValue.Flag flag) {
      return ByteString.of((byte) (flag.value() ? 1 : 0));
    }
    if (value instanceof PropertyValue.Listed listed) {
      return encode(listed.whole().get());
    }
    if (value instanceof PropertyValue.Fields fields) {
      List<Map.Entry<ByteString, ByteString>> pairs = new ArrayList<>();
      fields.values().forEach((key, child) -> pairs.add(Map.entry(key, encode(child))));
      return Pairs.encode(pairs);
    }
    if (value instanceof PropertyValue.Elements elements) {
      List<Map.Entry<ByteString, ByteString>> pairs = new ArrayList<>();
      elements.values().forEach(child -> pairs.add(Map.entry(encode(child), ByteString.EMPTY)));
      return Pairs.encode(pairs);
    }
    throw new UnreadableException(
        value instanceof PropertyValue.Branch branch
            ? branch.whole()
            : WasmResult.SERIALIZATION_FAILURE);
  }

  private static ByteString encode(long value) {
    return ByteString.of(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /** A value, or one inside it, that has no form for the guest. */
  private static final class UnreadableException extends RuntimeException {

    private final WasmResult result;

    UnreadableException(WasmResult result) {
      super(result.name(), null, false, false);
      this.result = result;
    }
  }
}
