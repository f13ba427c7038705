package dev.nametag.plugin;

import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.json.JsonWriter;
import java.util.Map;

/** Streams of known callers, and configurations with one label, {@code l}, and one metric. */
final class Identities {
  private Identities() {}

  static StreamScenario.Builder stream() {
    return StreamScenario.builder().path("/");
  }

  static String labelled(String label) {
    return "{\"labels\": {\"l\": "
        + label
        + "}, \"metrics\": {\"c\": {\"count\": \"all\", \"labels\": [\"l\"]}}}";
  }

  static StreamScenario extAuthz(Map<String, Object> identity) {
    return stream()
        .dynamicMetadata("envoy.filters.http.ext_authz", Map.of("identity", identity))
        .build();
  }

  /** wasm-shim up to 0.12: one key per leaf, JSON text; numbers are doubles there. */
  static StreamScenario kuadrant12(Map<String, Object> identity) {
    StreamScenario.Builder stream = stream();
    identity.forEach(
        (key, value) ->
            stream.filterState(
                "wasm.kuadrant.auth.identity." + key,
                value instanceof Number number
                    ? Double.toString(number.doubleValue())
                    : JsonWriter.write(value).replace("\n", "")));
    return stream.build();
  }

  /** wasm-shim from 0.13 on: one Struct. */
  static StreamScenario kuadrant13(Map<String, Object> identity) {
    return stream()
        .filterState("wasm.kuadrant.auth", Structs.of(Map.of("identity", identity)).toByteArray())
        .build();
  }
}
