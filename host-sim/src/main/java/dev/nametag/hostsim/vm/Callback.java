package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.hostcall.AbiVersion;
import java.util.Locale;

/**
 * The functions of a module that the host knows; a module may leave out any of them. That about
 * foreign functions is checked and never called, as in Envoy.
 */
public enum Callback {
  ON_CONTEXT_CREATE("i32 i32 -> void"),
  ON_VM_START("i32 i32 -> i32"),
  ON_CONFIGURE("i32 i32 -> i32"),
  ON_REQUEST_HEADERS("i32 i32 i32 -> i32"),
  ON_REQUEST_BODY("i32 i32 i32 -> i32"),
  ON_REQUEST_TRAILERS("i32 i32 -> i32"),
  ON_RESPONSE_HEADERS("i32 i32 i32 -> i32"),
  ON_RESPONSE_BODY("i32 i32 i32 -> i32"),
  ON_RESPONSE_TRAILERS("i32 i32 -> i32"),
  ON_REQUEST_METADATA("i32 i32 -> i32"),
  ON_RESPONSE_METADATA("i32 i32 -> i32"),
  ON_NEW_CONNECTION("i32 -> i32"),
  ON_DOWNSTREAM_DATA("i32 i32 i32 -> i32"),
  ON_UPSTREAM_DATA("i32 i32 i32 -> i32"),
  ON_DOWNSTREAM_CONNECTION_CLOSE("i32 i32 -> void"),
  ON_UPSTREAM_CONNECTION_CLOSE("i32 i32 -> void"),
  VALIDATE_CONFIGURATION("i32 i32 -> i32"),
  ON_TICK("i32 -> void"),
  ON_HTTP_CALL_RESPONSE("i32 i32 i32 i32 i32 -> void"),
  ON_GRPC_RECEIVE_INITIAL_METADATA("i32 i32 i32 -> void"),
  ON_GRPC_RECEIVE("i32 i32 i32 -> void"),
  ON_GRPC_RECEIVE_TRAILING_METADATA("i32 i32 i32 -> void"),
  ON_GRPC_CLOSE("i32 i32 i32 -> void"),
  ON_QUEUE_READY("i32 i32 -> void"),
  ON_FOREIGN_FUNCTION("i32 i32 i32 -> void"),
  ON_RESOLVE_DNS("i32 i32 i32 -> void"),
  ON_STATS_UPDATE("i32 i32 -> void"),
  ON_DONE("i32 -> i32"),
  ON_LOG("i32 -> void"),
  ON_DELETE("i32 -> void");

  private final String signature;

  Callback(String signature) {
    this.signature = signature;
  }

  /** The name of the export. */
  String export() {
    return (isEnvoys() ? "envoy_" : "proxy_") + name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is no part of the ABI, but Envoy's own; those are no capabilities. */
  boolean isEnvoys() {
    return this == ON_RESOLVE_DNS || this == ON_STATS_UPDATE;
  }

  /** The signature in that version; headers had no end of stream in 0.1.0. */
  Signature signature(AbiVersion version) {
    boolean headers = this == ON_REQUEST_HEADERS || this == ON_RESPONSE_HEADERS;
    return Signature.parse(headers && version == AbiVersion.V0_1_0 ? "i32 i32 -> i32" : signature);
  }
}
