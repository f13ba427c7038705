package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Map;
import java.util.Optional;

/**
 * Proxy-Wasm ABI v0.2.1, section HTTP fields.
 *
 * <p>Source of what is answered when: Envoy source/extensions/common/wasm/context.cc,
 * Context::getHeaderMapValue and its siblings. Not simulated: headers of which Envoy keeps only one
 * and joins the values when another is added.
 */
final class HeaderCalls {

  private final CallScope scope;
  private final AbiVersion version;

  HeaderCalls(CallScope scope, AbiVersion version) {
    this.scope = scope;
    this.version = version;
  }

  void register(HostFunctions functions) {
    functions.proxy("proxy_get_header_map_value", "i32 i32 i32 i32 i32 -> i32", this::getValue);
    functions.proxy("proxy_get_header_map_pairs", "i32 i32 i32 -> i32", this::getPairs);
    functions.proxy("proxy_get_header_map_size", "i32 i32 -> i32", this::getSize);
    functions.proxy("proxy_add_header_map_value", "i32 i32 i32 i32 i32 -> i32", this::addValue);
    functions.proxy(
        "proxy_replace_header_map_value", "i32 i32 i32 i32 i32 -> i32", this::replaceValue);
    functions.proxy("proxy_set_header_map_pairs", "i32 i32 i32 -> i32", this::setPairs);
    functions.proxy("proxy_remove_header_map_value", "i32 i32 i32 -> i32", this::removeValue);
  }

  private WasmResult getValue(long[] arguments) {
    Optional<HeaderMapType> type = HeaderMapType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString key = scope.read((int) arguments[1], (int) arguments[2]);
    CallContext context = scope.context();
    Optional<HeaderMap> map = readable(type.get());
    if (map.isEmpty() && !context.inAccessLog()) {
      return WasmResult.BAD_ARGUMENT;
    }
    Optional<ByteString> value = map.flatMap(headers -> headers.first(key));
    if (value.isEmpty() && version != AbiVersion.V0_1_0) {
      return WasmResult.NOT_FOUND;
    }
    scope.give(value.orElse(ByteString.EMPTY), (int) arguments[3], (int) arguments[4]);
    return WasmResult.OK;
  }

  private WasmResult getPairs(long[] arguments) {
    Optional<HeaderMapType> type = HeaderMapType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString pairs =
        readable(type.get())
            .filter(map -> map.size() > 0)
            .map(
                map ->
                    Pairs.encode(
                        map.headers().stream().map(h -> Map.entry(h.name(), h.value())).toList()))
            .orElse(ByteString.EMPTY);
    scope.give(pairs, (int) arguments[1], (int) arguments[2]);
    return WasmResult.OK;
  }

  /** The size is that of all names and values in bytes. */
  private WasmResult getSize(long[] arguments) {
    Optional<HeaderMap> map = writable(arguments[0]);
    if (map.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    scope.writeInt((int) arguments[1], map.get().byteSize());
    return WasmResult.OK;
  }

  private WasmResult addValue(long[] arguments) {
    Optional<HeaderMapType> type = HeaderMapType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString key = scope.read((int) arguments[1], (int) arguments[2]);
    ByteString value = scope.read((int) arguments[3], (int) arguments[4]);
    Optional<HeaderMap> map = writable(arguments[0]);
    map.ifPresent(headers -> headers.add(key, value));
    return map.isPresent() ? WasmResult.OK : WasmResult.BAD_ARGUMENT;
  }

  private WasmResult replaceValue(long[] arguments) {
    Optional<HeaderMapType> type = HeaderMapType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString key = scope.read((int) arguments[1], (int) arguments[2]);
    ByteString value = scope.read((int) arguments[3], (int) arguments[4]);
    Optional<HeaderMap> map = writable(arguments[0]);
    map.ifPresent(headers -> headers.replace(key, value));
    return map.isPresent() ? WasmResult.OK : WasmResult.BAD_ARGUMENT;
  }

  private WasmResult removeValue(long[] arguments) {
    Optional<HeaderMapType> type = HeaderMapType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString key = scope.read((int) arguments[1], (int) arguments[2]);
    Optional<HeaderMap> map = writable(arguments[0]);
    map.ifPresent(headers -> headers.remove(key));
    return map.isPresent() ? WasmResult.OK : WasmResult.BAD_ARGUMENT;
  }

  private WasmResult setPairs(long[] arguments) {
    Optional<HeaderMapType> type = HeaderMapType.of((int) arguments[0]);
    if (type.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString pairs = scope.read((int) arguments[1], (int) arguments[2]);
    Optional<HeaderMap> map = writable(arguments[0]);
    map.ifPresent(headers -> headers.set(Pairs.headers(pairs)));
    return map.isPresent() ? WasmResult.OK : WasmResult.BAD_ARGUMENT;
  }

  private Optional<HeaderMap> writable(long number) {
    return HeaderMapType.of((int) number)
        .flatMap(
            type ->
                type.ofCall()
                    ? scope.callResults().headers(type)
                    : scope.context().writableHeaders(type));
  }

  private Optional<HeaderMap> readable(HeaderMapType type) {
    return type.ofCall()
        ? scope.callResults().headers(type)
        : scope.context().readableHeaders(type);
  }
}
