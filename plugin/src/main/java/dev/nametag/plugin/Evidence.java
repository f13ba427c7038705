package dev.nametag.plugin;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.MapType;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.WasmResult;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.abi.memory.Region;
import dev.nametag.naming.Outcome;

/**
 * What the host knows about how a stream ended, and the outcome that follows from it. The first row
 * of the table in docs/outcomes.md that applies decides.
 *
 * <p>The evidence is Envoy's: response flags (envoy/stream_info/stream_info.h, CoreResponseFlag),
 * response code details and the code, as they stand in proxy_on_log.
 */
final class Evidence {
  /** The stream is not to be counted. */
  static final int NOT_COUNTED = 0;

  /** {@link #prepare} is to be called, then the evidence is to be read again. */
  static final int UNREAD = -1;

  /** {@link MapType#RESPONSE_HEADERS}. */
  private static final int RESPONSE_HEADERS = 2;

  /** The details {@code via_upstream} as three ints. */
  private static final int VIA_ = 'v' | 'i' << 8 | 'a' << 16 | '_' << 24;

  private static final int UPST = 'u' | 'p' << 8 | 's' << 16 | 't' << 24;
  private static final int REAM = 'r' | 'e' << 8 | 'a' << 16 | 'm' << 24;

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

  private static final String[] BREAKING_OFF = {
    "http1.", "http2.", "http3.", "stream_idle_timeout", "max_duration_timeout", "response_timeout",
  };

  private final Bytes directResponse;
  private final Bytes internalRedirect;
  private final Bytes globalRateLimit;
  private final Bytes localRateLimit;
  private final Bytes extAuthz;
  private final Bytes jwt;
  private final Bytes rbac;
  private final Bytes downstream;
  private final Bytes[] breakingOff;
  private final Bytes status;
  private final Bytes grpcStatus;
  private final Bytes rateLimitedHeader;

  private final int authorized = Outcomes.bit(Outcome.AUTHORIZED);
  private final int limited = Outcomes.bit(Outcome.LIMITED);
  private final int denied = Outcomes.bit(Outcome.DENIED);
  private final int error = Outcomes.bit(Outcome.ERROR);
  private final int aborted = Outcomes.bit(Outcome.ABORTED);

  private final Hostcalls log;
  private final RawHostcalls host;
  private final Stream stream;
  private final boolean codeAsked;
  private final Property codeProperty;
  private final Property flagsProperty;
  private final Property detailsProperty;
  private final Property upstream;
  private final Window value = new Window();
  private final Window details = new Window();
  private int code;
  private int failure;
  private boolean lacksRoom;
  private boolean failedBefore;
  // The stream for which there is no room.
  private int givenUpFor = -1;

  /**
   * Reads a stream's evidence.
   *
   * @param codeAsked whether {@link #responseCode} is to be known of every stream
   */
  Evidence(Hostcalls log, RawHostcalls host, Stream stream, boolean codeAsked) {
    Region region = stream.region;
    this.codeAsked = codeAsked;
    this.log = log;
    this.stream = stream;
    this.host = host;
    directResponse = Bytes.of(region, "direct_response");
    internalRedirect = Bytes.of(region, "internal_redirect");
    globalRateLimit = Bytes.of(region, "request_rate_limited");
    localRateLimit = Bytes.of(region, "local_rate_limited");
    extAuthz = Bytes.of(region, "ext_authz_");
    jwt = Bytes.of(region, "jwt_authn_access_denied");
    rbac = Bytes.of(region, "rbac_access_denied");
    downstream = Bytes.of(region, "downstream_");
    status = Bytes.of(region, ":status");
    grpcStatus = Bytes.of(region, "grpc-status");
    rateLimitedHeader = Bytes.of(region, "x-envoy-ratelimited");
    breakingOff = new Bytes[BREAKING_OFF.length];
    for (int i = 0; i < breakingOff.length; i++) {
      breakingOff[i] = Bytes.of(region, BREAKING_OFF[i]);
    }
    codeProperty = new Property(host, region, PropertyPath.of("response", "code"));
    flagsProperty = new Property(host, region, PropertyPath.of("response", "flags"));
    detailsProperty = new Property(host, region, PropertyPath.of("response", "code_details"));
    upstream = new Property(host, region, PropertyPath.of("upstream", "address"));
  }

  /**
   * Returns the response code of the stream that was read last, 0 if there was no response; if
   * nobody asks for it, it is any number.
   */
  @HeapFree
  int responseCode() {
    return code;
  }

  /**
   * Returns the outcome as {@link Outcomes#bit}, or one of the numbers above. Code, flags and
   * headers are read only if the details leave a doubt: that an upstream answered leaves none.
   */
  @HeapFree
  int read() {
    failure = RawHostcalls.OK;
    lacksRoom = false;
    if (!found(detailsProperty, details)) {
      details.size = 0;
    }
    if (codeAsked) {
      code = code();
    }
    int outcome = isViaUpstream() ? authorized : doubted();
    if (failure == RawHostcalls.OK) {
      return outcome;
    }
    if ((lacksRoom && givenUpFor != stream.number) || !failedBefore) {
      return UNREAD;
    }
    stream.marks |= Stream.FAILED;
    return outcome;
  }

  /**
   * Makes room for what could not be read. What the host does not give at all counts as absent, so
   * that the stream has an outcome nevertheless; the first time is logged.
   */
  void prepare() {
    if (lacksRoom) {
      host.makeRoom();
      return;
    }
    failedBefore = true;
    log.log(
        LogLevel.WARN,
        "evidence of outcomes could not be read and counts as absent, further times are not"
            + " logged: "
            + WasmResult.of(failure));
  }

  /** Most streams end so: their details are compared by words. */
  @HeapFree
  private boolean isViaUpstream() {
    int at = details.address;
    return details.size == 12
        && Memory.getInt(at) == VIA_
        && Memory.getInt(at + 4) == UPST
        && Memory.getInt(at + 8) == REAM;
  }

  /** What there is no room for counts as absent in this stream, since {@link #prepare} failed. */
  void giveUp() {
    givenUpFor = stream.number;
    failedBefore = true;
  }

  @HeapFree
  private void failed(int result) {
    failure = result;
    lacksRoom |= host.lacksRoom();
  }

  /**
   * In proxy_on_log the header that was sent is the code, and a header costs the host less than a
   * property.
   */
  @HeapFree
  private int code() {
    if (host.getHeaderMapValue(RESPONSE_HEADERS, status.address, status.size) == RawHostcalls.OK
        && host.valueSize() == 3) {
      int text = host.valueAddress();
      int hundreds = Memory.getByte(text) - '0';
      int tens = Memory.getByte(text + 1) - '0';
      int ones = Memory.getByte(text + 2) - '0';
      // Neither is negative or beyond 9, which carries into the next bit.
      if (((hundreds | tens | ones | hundreds + 6 | tens + 6 | ones + 6) & -16) == 0) {
        return hundreds * 100 + tens * 10 + ones;
      }
    }
    return (int) integer(codeProperty);
  }

  @HeapFree
  private int doubted() {
    if (internalRedirect.is(details)) {
      return NOT_COUNTED;
    }
    if (globalRateLimit.is(details) || localRateLimit.is(details)) {
      return limited;
    }
    if (!codeAsked) {
      code = code();
    }
    long flags = integer(flagsProperty);
    if ((flags & RL) != 0) {
      return limited;
    }
    if ((flags & UAEX) != 0
        || extAuthz.starts(details)
        || jwt.starts(details)
        || rbac.starts(details)) {
      return denied;
    }
    if (code == 0) {
      return (flags & (DC | DR)) != 0 ? aborted : error;
    }
    if ((flags & NO_ANSWER) != 0) {
      return error;
    }
    return wasBeingAnswered() ? authorized : localReply(flags);
  }

  /**
   * Returns whether an upstream's response was on its way to the client before something broke the
   * stream off, which replaces the details. Then the code tells, which stays the upstream's: what
   * breaks a stream off before an answer is answered with 400, 408 or 504, and no local reply but a
   * direct response has a code below 400, except those to gRPC requests, which have a status of
   * their own.
   */
  @HeapFree
  private boolean wasBeingAnswered() {
    boolean brokenOff = false;
    for (int i = 0; i < breakingOff.length; i++) {
      brokenOff |= breakingOff[i].starts(details);
    }
    boolean late =
        downstream.starts(details)
            || (brokenOff && code != 400 && code != 408 && code != 504)
            || (code < 400 && !directResponse.is(details));
    return late && grpcStatus() < 0 && found(upstream, value);
  }

  /** Some filter answered; those that leave neither flags nor details are told by the code. */
  @HeapFree
  private int localReply(long flags) {
    int grpc = code == 200 ? grpcStatus() : -1;
    // Envoy source/common/grpc/status.cc, httpToGrpcStatus: 429 becomes 14 (or 8 if so configured),
    // as do 502 to 504; 401 becomes 16, 403 becomes 7.
    boolean tooMany = grpc == 8 || (grpc == 14 && details.size == 0);
    if (code == 429 || tooMany || hasResponseHeader(rateLimitedHeader)) {
      return limited;
    }
    if (code == 401 || code == 403 || grpc == 16 || grpc == 7) {
      return denied;
    }
    boolean failed = code >= 500 || grpc == 2 || grpc == 13 || grpc == 14;
    return failed || (flags & BROKEN_OFF) != 0 ? error : authorized;
  }

  /** Returns the number in the response header, -1 if there is none. */
  @HeapFree
  private int grpcStatus() {
    if (!hasResponseHeader(grpcStatus) || value.size == 0 || value.size > 2) {
      return -1;
    }
    int status = 0;
    for (int i = 0; i < value.size; i++) {
      int digit = Memory.getByte(value.address + i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = status * 10 + digit;
    }
    return status;
  }

  @HeapFree
  private boolean hasResponseHeader(Bytes name) {
    int result = host.getHeaderMapValue(RESPONSE_HEADERS, name.address, name.size);
    if (result == RawHostcalls.OK) {
      value.address = host.valueAddress();
      value.size = host.valueSize();
      return true;
    }
    if (result != RawHostcalls.NOT_FOUND && result != RawHostcalls.BAD_ARGUMENT) {
      failed(result);
    }
    return false;
  }

  @HeapFree
  private long integer(Property property) {
    return found(property, value) && value.size == 8 ? Memory.getLong(value.address) : 0;
  }

  @HeapFree
  private boolean found(Property property, Window window) {
    int found = property.read(window);
    if (found == ValueSource.FAILED) {
      failed(window.failure);
    }
    return found == ValueSource.FOUND;
  }
}
