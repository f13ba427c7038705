package dev.nametag.plugin;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Configurations, values and streams drawn from a seed. */
final class FuzzInput {
  /** Pieces of which configurations and values are made, so that they come near to being right. */
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u00e9",
    "null",
    "true",
    "12",
    "-0.5e3",
    "[\"a\", \"b\"]",
    "\"alice\"",
    "__",
    "_none",
    "_other",
    "_h",
    "__user__",
    "~other",
    "rq_401",
    "=.=",
    ";.;",
    "é",
    "\0",
    " ",
    "calls",
    "user",
    "\"labels\"",
    "\"metrics\"",
    "\"count\": \"all\"",
    "\"budget\": {\"series\": 1}",
    "auth.identity.userid",
    "request.headers[\"x-user\"]",
    ".split(\"/\")[1]",
    "\ud83d\ude00",
  };

  private static final String[] NAMES = {
    "lossless", "chargeback", "envoy-tags", "prometheus-values", "lossless", "lossless",
  };

  private static final String[] SELECTORS = {
    "auth.identity.userid",
    "auth.identity.groups[0]",
    "auth.identity.groups[2]",
    "metadata[\\\"ns\\\"].a",
    "filter_state[\\\"k\\\"]",
    "request.path.split(\\\"/\\\")[1]",
    "source.address",
    "response.code",
    "response.flags",
    "connection.uri_san_peer_certificate",
    "xds.node.metadata.NAMESPACE",
    "xds.route_name",
  };

  private static final String[] DETAILS = {
    "via_upstream",
    "",
    "internal_redirect",
    "direct_response",
    "request_rate_limited",
    "ext_authz_denied",
    "jwt_authn_access_denied{x}",
    "downstream_remote_disconnect",
    "stream_idle_timeout",
    "http2.remote_reset",
  };

  private final SplittableRandom random;

  /** Whether the configuration is as the filter should take it. */
  boolean isRight;

  FuzzInput(SplittableRandom random) {
    this.random = random;
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  /** A configuration that is accepted, one that is nearly right, or any text. */
  String configuration() {
    String text = validConfiguration();
    int kind = random.nextInt(4);
    isRight = kind > 1;
    return switch (kind) {
      case 0 -> mutated(text);
      case 1 -> text(random.nextInt(1, 20));
      default -> text;
    };
  }

  private String validConfiguration() {
    String naming = one(NAMES);
    String from = one(SELECTORS);
    String first = random.nextBoolean() ? from : "auth.identity.userid";
    return """
        {"naming": "%s",
         "labels": {"user": ["%s", "filter_state[\\"k\\"]"], "group": "%s",
                    "namespace": {"from": "request.headers[\\"x-user\\"]", "trusted": true}},
         "metrics": {"calls": {"count": "all", "labels": ["user", "group", "namespace"]},
                     "spent": {"count": "all", "add": "response.headers[\\"x-n\\"]"},
                     "authorized": {"count": "authorized"}, "limited": {"count": "limited"},
                     "denied": {"count": "denied"}, "error": {"count": "error"},
                     "aborted": {"count": "aborted"}, "every": {"count": "all"}},
         "budget": {"series": %d, "valueBytes": %d}}
        """
        .formatted(naming, first, one(SELECTORS), random.nextInt(1, 12), random.nextInt(16, 64));
  }

  private String mutated(String text) {
    StringBuilder mutated = new StringBuilder(text);
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int at = random.nextInt(mutated.length());
      switch (random.nextInt(3)) {
        case 0 -> mutated.deleteCharAt(at);
        case 1 -> mutated.insert(at, one(PIECES));
        default -> mutated.setCharAt(at, (char) random.nextInt(1, 0x300));
      }
    }
    return mutated.toString();
  }

  private String text(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(one(PIECES));
    }
    return text.toString();
  }

  /** Bytes of a value: text, anything, or much of it. */
  byte[] value() {
    return switch (random.nextInt(100)) {
      case 0 -> anything(random.nextInt(1, 4) * 40_000);
      case 1, 2, 3, 4, 5 -> new byte[0];
      case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> anything(random.nextInt(1, 300));
      default -> text(random.nextInt(1, 6)).getBytes(StandardCharsets.UTF_8);
    };
  }

  private byte[] anything(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The bytes of a header, which has neither NUL nor the end of a line. */
  byte[] header() {
    byte[] bytes = value();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0 || bytes[i] == '\n' || bytes[i] == '\r') {
        bytes[i] = '.';
      }
    }
    return bytes;
  }

  /** A stream with that header {@code x-user}. */
  StreamScenario stream(byte[] user) {
    StreamScenario.Builder stream =
        StreamScenario.builder()
            .path("/" + one("a", "", "b/c", "%"))
            .requestHeader("x-user", user)
            .ending(ending());
    if (random.nextBoolean()) {
      stream.filterState("wasm.kuadrant.auth.identity.userid", value());
    }
    if (random.nextBoolean()) {
      stream.filterState("wasm.kuadrant.auth.identity.groups", value());
      stream.filterState("k", value());
    }
    if (random.nextBoolean()) {
      stream.dynamicMetadata("envoy.filters.http.ext_authz", Map.of("identity", identity()));
      stream.dynamicMetadata("ns", Map.of("a", text(2), "b", 1.5));
    }
    return stream.build();
  }

  private Map<String, Object> identity() {
    List<Object> groups = new ArrayList<>(Arrays.asList("g", null, 12.0, true, text(2)));
    return Map.of(
        "userid", random.nextBoolean() ? text(3) : List.of(1.0, text(1)),
        "groups", random.nextBoolean() ? groups.subList(0, random.nextInt(5)) : text(4));
  }

  private StreamEnding ending() {
    int code = random.nextInt(100, 600);
    long flags = random.nextBoolean() ? 0 : 1L << random.nextInt(30);
    Header number = Header.of("x-n", one("1", "", "99999999999999999999", "x", "-1"));
    return switch (random.nextInt(7)) {
      case 0 ->
          new StreamEnding.LocalReply(
              random.nextBoolean() ? Position.BEFORE_OURS : Position.AFTER_OURS,
              Math.max(code, 200),
              flags,
              one(DETAILS),
              List.of(number, Header.of("grpc-status", one("0", "8", "14", "16"))));
      case 1 -> new StreamEnding.BrokenOff(Math.max(code, 200), flags, one(DETAILS));
      case 2 -> new StreamEnding.ClientLeft();
      case 3 -> new StreamEnding.NoRoute();
      default ->
          new StreamEnding.UpstreamResponse(
              Math.max(code, 200),
              List.of(number, Header.of("grpc-status", one("0", "x", "", "123456789"))));
    };
  }

  /** Which hostcalls fail, of those that the filter makes for a stream, and how. */
  Map<String, Integer> faults() {
    Map<String, Integer> faults = new HashMap<>();
    if (random.nextInt(3) == 0) {
      for (String name :
          List.of(
              "proxy_get_property",
              "proxy_get_header_map_value",
              "proxy_define_metric",
              "proxy_increment_metric",
              "proxy_get_shared_data",
              "proxy_set_shared_data",
              "proxy_log")) {
        if (random.nextInt(3) == 0) {
          faults.put(name, random.nextInt(1, 14));
        }
      }
    }
    return faults;
  }

  /** Whether the next hostcall fails that can. */
  boolean now() {
    return random.nextInt(4) == 0;
  }

  int count() {
    return random.nextInt(1, 100);
  }
}
