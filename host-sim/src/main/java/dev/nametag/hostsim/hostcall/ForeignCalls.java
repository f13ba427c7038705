package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Proxy-Wasm ABI v0.2.1, section Foreign function interface, with the functions that Envoy has.
 *
 * <p>Source: Envoy source/extensions/common/wasm/foreign.cc, as built with the CEL parser.
 */
final class ForeignCalls {

  private static final int MAX_UNCOMPRESSED_BYTES = 64 << 20;

  /** Ours, since a value that says little may be long when it is written out. */
  private static final int MAX_VALUE_BYTES = 64 << 20;

  /** A type of declared properties: ext/declare_property.proto, WasmType. */
  private static final long STRING = 1;

  /** Keys for which Envoy can make an object from text; the list is derived, and not all of it. */
  private static final Set<String> FILTER_STATE_KEYS =
      Set.of(
          "envoy.string",
          "envoy.tcp_proxy.cluster",
          "envoy.network.upstream_server_name",
          "envoy.network.application_protocols",
          "envoy.network.upstream_subject_alt_names",
          "envoy.upstream.dynamic_host",
          "envoy.upstream.dynamic_port");

  private final CallScope scope;

  ForeignCalls(CallScope scope) {
    this.scope = scope;
  }

  void register(HostFunctions functions) {
    functions.proxy(
        "proxy_call_foreign_function", "i32 i32 i32 i32 i32 i32 -> i32", this::callForeignFunction);
  }

  /** What a foreign function makes of its arguments. */
  private record Outcome(WasmResult result, ByteString value) {

    static Outcome of(WasmResult result) {
      return new Outcome(result, ByteString.EMPTY);
    }

    static Outcome orElse(WasmResult otherwise, Optional<ByteString> value) {
      return value.map(v -> new Outcome(WasmResult.OK, v)).orElseGet(() -> of(otherwise));
    }
  }

  private WasmResult callForeignFunction(long[] arguments) {
    String name = scope.read((int) arguments[0], (int) arguments[1]).toString();
    ByteString input = scope.read((int) arguments[2], (int) arguments[3]);
    Optional<Outcome> outcome = call(name, input);
    if (outcome.isEmpty()) {
      return WasmResult.NOT_FOUND;
    }
    scope.giveOptional(outcome.get().value(), (int) arguments[4], (int) arguments[5]);
    return outcome.get().result();
  }

  private Optional<Outcome> call(String name, ByteString input) {
    return switch (name) {
      case "compress" -> Optional.of(new Outcome(WasmResult.OK, compress(input)));
      case "uncompress" ->
          Optional.of(Outcome.orElse(WasmResult.SERIALIZATION_FAILURE, uncompress(input)));
      case "verify_signature" ->
          Optional.of(Outcome.orElse(WasmResult.BAD_ARGUMENT, Signatures.verify(input)));
      case "sign" -> Optional.of(Outcome.orElse(WasmResult.BAD_ARGUMENT, Signatures.sign(input)));
      case "set_envoy_filter_state" -> Optional.of(Outcome.of(setFilterState(input)));
      case "declare_property" -> Optional.of(Outcome.of(declareProperty(input)));
      case "expr_create" -> Optional.of(createExpression(input));
      case "expr_evaluate" -> Optional.of(evaluateExpression(input));
      case "expr_delete" -> Optional.of(deleteExpression(input));
      // A simulated stream has one route, so that there is nothing to choose again.
      case "clear_route_cache" -> Optional.of(Outcome.of(WasmResult.OK));
      default -> Optional.empty();
    };
  }

  private static ByteString compress(ByteString input) {
    Deflater deflater = new Deflater();
    deflater.setInput(input.toByteArray());
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part = new byte[4096];
    while (!deflater.finished()) {
      out.write(part, 0, deflater.deflate(part));
    }
    deflater.end();
    return ByteString.of(out.toByteArray());
  }

  /** Empty for what zlib did not write; ours: also for what would take more than 64 MiB. */
  private static Optional<ByteString> uncompress(ByteString input) {
    Inflater inflater = new Inflater();
    inflater.setInput(input.toByteArray());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] part = new byte[4096];
    try {
      while (!inflater.finished()) {
        int size = inflater.inflate(part);
        if (size == 0 || out.size() + size > MAX_UNCOMPRESSED_BYTES) {
          return Optional.empty();
        }
        out.write(part, 0, size);
      }
      return Optional.of(ByteString.of(out.toByteArray()));
    } catch (DataFormatException e) {
      return Optional.empty();
    } finally {
      inflater.end();
    }
  }

  private WasmResult setFilterState(ByteString input) {
    Optional<ProtoFields> fields = ProtoFields.parse(input);
    if (fields.isEmpty()) {
      return WasmResult.BAD_ARGUMENT;
    }
    ByteString key = fields.get().bytes(1);
    return FILTER_STATE_KEYS.contains(key.toString())
        ? scope.context().setFilterState(key, new PropertyValue.Bytes(fields.get().bytes(2)))
        : WasmResult.NOT_FOUND;
  }

  private WasmResult declareProperty(ByteString input) {
    return ProtoFields.parse(input)
        .filter(
            fields ->
                scope.declare(fields.bytes(1), fields.number(2) != 0, fields.number(3) == STRING))
        .map(fields -> WasmResult.OK)
        .orElse(WasmResult.BAD_ARGUMENT);
  }

  private Outcome createExpression(ByteString text) {
    OptionalInt token = expressions().create(text);
    return token.isPresent()
        ? new Outcome(WasmResult.OK, ByteString.of(bytes(token.getAsInt())))
        : Outcome.of(WasmResult.BAD_ARGUMENT);
  }

  private Outcome evaluateExpression(ByteString input) {
    if (input.size() != Integer.BYTES) {
      return Outcome.of(WasmResult.BAD_ARGUMENT);
    }
    int token = number(input);
    if (!expressions().has(token)) {
      return Outcome.of(WasmResult.NOT_FOUND);
    }
    Optional<PropertyValue> value = expressions().evaluate(token, scope.currentContext());
    if (value.isEmpty()) {
      return Outcome.of(WasmResult.INTERNAL_FAILURE);
    }
    try {
      return new Outcome(WasmResult.OK, PropertyBytes.of(value.get(), MAX_VALUE_BYTES));
    } catch (PropertyBytes.UnreadableException e) {
      return Outcome.of(e.result());
    }
  }

  private Outcome deleteExpression(ByteString input) {
    if (input.size() != Integer.BYTES) {
      return Outcome.of(WasmResult.BAD_ARGUMENT);
    }
    expressions().delete(number(input));
    return Outcome.of(WasmResult.OK);
  }

  /** Those of the callback's own context, also while another one is the effective one. */
  private Expressions expressions() {
    return scope.currentContext().root().expressions();
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  private static int number(ByteString bytes) {
    return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }
}
