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

  /**
   * UH, UT, LR, UR, UF, UC, UO, NR, RLSE, URX, SI, IH, DPE, UMSDR, NFCF, DT, UPE, NC, OM, DF, DO,
   * UDO: no answer came from an upstream, or it did not come to its end.
   */
  private static final long NO_ANSWER =
      0x2
          | 0x4
          | 0x8
          | 0x10
          | 0x20
          | 0x40
          | 0x80
          | 0x100
          | 0x2000
          | 0x8000
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
    boolean known = host.getProperty(DETAILS, details);
    if (!known) {
      details.set(VIA_UPSTREAM, 0, 0);
    }
    boolean upstream = is(VIA_UPSTREAM);
    if (is(INTERNAL_REDIRECT)) {
      return null;
    }
    if ((flags & RL) != 0
        || is(GLOBAL_RATE_LIMIT)
        || is(LOCAL_RATE_LIMIT)
        || (!upstream && (code == 429 || isMarkedAsRateLimited()))) {
      return Outcome.LIMITED;
    }
    if ((flags & UAEX) != 0
        || startsWith(EXT_AUTHZ)
        || startsWith(JWT)
        || startsWith(RBAC)
        || (!upstream && (code == 401 || code == 403))) {
      return Outcome.DENIED;
    }
    if (code == 0 && (flags & (DC | DR)) != 0) {
      return Outcome.ABORTED;
    }
    if ((flags & NO_ANSWER) != 0 || code == 0 || (!upstream && code >= 500)) {
      return Outcome.ERROR;
    }
    return Outcome.AUTHORIZED;
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
    if (details.length() < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (details.array()[details.offset() + i] != text[i]) {
        return false;
      }
    }
    return true;
  }
}
