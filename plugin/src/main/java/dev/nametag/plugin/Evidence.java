package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.MapType;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.Utf8;
import dev.nametag.naming.Outcome;

/**
 * What the host knows about how a stream ended, and the outcome that follows from it. The first row
 * of the table in docs/outcomes.md that applies decides.
 *
 * <p>The evidence is Envoy's: response flags (envoy/stream_info/stream_info.h, CoreResponseFlag),
 * response code details and the code, as they stand in proxy_on_log.
 */
final class Evidence {
  private static final PropertyPath CODE = PropertyPath.of("response", "code");
  private static final PropertyPath FLAGS = PropertyPath.of("response", "flags");
  private static final PropertyPath DETAILS = PropertyPath.of("response", "code_details");
  private static final byte[] RATE_LIMITED_HEADER = Utf8.encode("x-envoy-ratelimited");

  private static final long RL = 0x800;
  private static final long UAEX = 0x1000;
  private static final long DC = 0x4000;
  private static final long DR = 0x10000000;

  /** UH, UF, UC, UO, NR, RLSE, URX: no upstream answered, or not to the end. */
  private static final long NO_ANSWER = 0x2 | 0x20 | 0x40 | 0x80 | 0x100 | 0x2000 | 0x8000;

  /**
   * UT, LR, UR, SI, IH, DPE, UMSDR, NFCF, DT, UPE, NC, OM, DF, DO, UDO: something broke the stream
   * off. A client can bring some of these about after it has been answered.
   */
  private static final long BROKEN_OFF =
      0x4
          | 0x8
          | 0x10
          | 0x10000
          | 0x20000
          | 0x40000
          | 0x80000
          | 0x200000
          | 0x400000
          | 0x800000
          | 0x1000000
          | 0x2000000
          | 0x4000000
          | 0x8000000
          | 0x20000000;

  private static final PropertyPath UPSTREAM = PropertyPath.of("upstream", "address");
  private static final byte[] GRPC_STATUS = Utf8.encode("grpc-status");
  private static final byte[] DOWNSTREAM = Utf8.encode("downstream_");
  private static final byte[][] BREAKING_OFF = {
    Utf8.encode("http1."),
    Utf8.encode("http2."),
    Utf8.encode("http3."),
    Utf8.encode("stream_idle_timeout"),
    Utf8.encode("max_duration_timeout"),
    Utf8.encode("response_timeout"),
  };
  private static final byte[] DIRECT_RESPONSE = Utf8.encode("direct_response");
  private static final byte[] VIA_UPSTREAM = Utf8.encode("via_upstream");
  private static final byte[] INTERNAL_REDIRECT = Utf8.encode("internal_redirect");
  private static final byte[] GLOBAL_RATE_LIMIT = Utf8.encode("request_rate_limited");
  private static final byte[] LOCAL_RATE_LIMIT = Utf8.encode("local_rate_limited");
  private static final byte[] EXT_AUTHZ = Utf8.encode("ext_authz_");
  private static final byte[] JWT = Utf8.encode("jwt_authn_access_denied");
  private static final byte[] RBAC = Utf8.encode("rbac_access_denied");

  private final Hostcalls host;
  private final HostBytes value = new HostBytes();
  private final HostBytes details = new HostBytes();
  private int code;

  Evidence(Hostcalls host) {
    this.host = host;
  }

  /** Returns the response code of the stream that was read last, 0 if there was no response. */
  int responseCode() {
    return code;
  }

  /** Returns the outcome, or {@code null} if the stream is not to be counted. */
  Outcome read() {
    code = (int) integer(CODE);
    long flags = integer(FLAGS);
    if (!host.getProperty(DETAILS, details)) {
      details.set(VIA_UPSTREAM, 0, 0);
    }
    if (is(INTERNAL_REDIRECT)) {
      return null;
    }
    if ((flags & RL) != 0 || is(GLOBAL_RATE_LIMIT) || is(LOCAL_RATE_LIMIT)) {
      return Outcome.LIMITED;
    }
    if ((flags & UAEX) != 0 || startsWith(EXT_AUTHZ) || startsWith(JWT) || startsWith(RBAC)) {
      return Outcome.DENIED;
    }
    if (code == 0) {
      return (flags & (DC | DR)) != 0 ? Outcome.ABORTED : Outcome.ERROR;
    }
    if ((flags & NO_ANSWER) != 0) {
      return Outcome.ERROR;
    }
    return answeredByUpstream() ? Outcome.AUTHORIZED : localReply(flags);
  }

  /**
   * Returns whether an upstream's response was on its way to the client. What breaks a stream off
   * later replaces the details; then the code tells, which stays the upstream's: what breaks a
   * stream off before an answer is answered with 400, 408 or 504, and no local reply but a direct
   * response has a code below 400, except those to gRPC requests, which have a status of their own.
   */
  private boolean answeredByUpstream() {
    if (is(VIA_UPSTREAM)) {
      return true;
    }
    boolean brokenOff = false;
    for (byte[] cause : BREAKING_OFF) {
      brokenOff |= startsWith(cause);
    }
    boolean late =
        startsWith(DOWNSTREAM)
            || (brokenOff && code != 400 && code != 408 && code != 504)
            || (code < 400 && !is(DIRECT_RESPONSE));
    return late && grpcStatus() < 0 && host.getProperty(UPSTREAM, value);
  }

  /** Some filter answered; those that leave neither flags nor details are told by the code. */
  private Outcome localReply(long flags) {
    int grpc = code == 200 ? grpcStatus() : -1;
    // Envoy source/common/grpc/status.cc, httpToGrpcStatus: 429 becomes 14 (or 8 if so configured),
    // as do 502 to 504; 401 becomes 16, 403 becomes 7.
    boolean tooMany = grpc == 8 || (grpc == 14 && details.length() == 0);
    if (code == 429 || tooMany || isMarkedAsRateLimited()) {
      return Outcome.LIMITED;
    }
    if (code == 401 || code == 403 || grpc == 16 || grpc == 7) {
      return Outcome.DENIED;
    }
    boolean failed = code >= 500 || grpc == 2 || grpc == 13 || grpc == 14;
    return failed || (flags & BROKEN_OFF) != 0 ? Outcome.ERROR : Outcome.AUTHORIZED;
  }

  /** Returns the number in the response header, -1 if there is none. */
  private int grpcStatus() {
    if (!host.getHeaderMapValue(MapType.RESPONSE_HEADERS, GRPC_STATUS, value)
        || value.length() == 0
        || value.length() > 2) {
      return -1;
    }
    int status = 0;
    for (int i = value.offset(); i < value.end(); i++) {
      int digit = value.array()[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = status * 10 + digit;
    }
    return status;
  }

  private boolean isMarkedAsRateLimited() {
    return host.getHeaderMapValue(MapType.RESPONSE_HEADERS, RATE_LIMITED_HEADER, value);
  }

  private long integer(PropertyPath path) {
    return host.getProperty(path, value) && value.length() == 8 ? value.int64() : 0;
  }

  private boolean is(byte[] text) {
    return details.length() == text.length && startsWith(text);
  }

  private boolean startsWith(byte[] text) {
    return startsWith(details, text);
  }

  private static boolean startsWith(HostBytes bytes, byte[] text) {
    if (bytes.length() < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (bytes.array()[bytes.offset() + i] != text[i]) {
        return false;
      }
    }
    return true;
  }
}
