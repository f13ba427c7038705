package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Filters of Envoy that answer, with the codes, flags, details, headers and bodies that they give.
 *
 * <p>Source: Envoy source/extensions/filters/http, the filters of those names.
 */
public final class Filters {

  private Filters() {}

  /** A filter that always answers that. */
  public static StreamFilter answering(LocalAnswer answer) {
    return stream -> new StreamFilter.Decision.Answer(answer);
  }

  /** A filter that leaves metadata behind and lets the request go on. */
  public static StreamFilter noting(String namespace, Map<String, ?> fields) {
    return stream -> {
      stream.addDynamicMetadata(namespace, fields);
      return new StreamFilter.Decision.Continue();
    };
  }

  /** A filter that adds a request header and lets the request go on. */
  public static StreamFilter addingHeader(String name, String value) {
    return stream -> {
      stream.requestHeaders().add(ByteString.utf8(name), ByteString.utf8(value));
      return new StreamFilter.Decision.Continue();
    };
  }

  /** The global rate limit is reached. */
  public static LocalAnswer rateLimited() {
    return LocalAnswer.of(429, ResponseFlag.RATE_LIMITED.bit(), "request_rate_limited", "")
        .withHeader("x-envoy-ratelimited", "true");
  }

  /** The rate limit service failed, and {@code failure_mode_deny} is on. */
  public static LocalAnswer rateLimitError() {
    return LocalAnswer.of(
        500, ResponseFlag.RATE_LIMIT_SERVICE_ERROR.bit(), "rate_limiter_error", "");
  }

  /** The local rate limit is reached. Envoy sets the flag only after it has answered. */
  public static LocalAnswer locallyRateLimited() {
    return LocalAnswer.of(
        429, ResponseFlag.RATE_LIMITED.bit(), "local_rate_limited", "local_rate_limited");
  }

  /** The authorization service said no, with its own code, headers and body. */
  public static LocalAnswer extAuthzDenied(int code, String body, Header... headers) {
    return new LocalAnswer(
        code,
        ResponseFlag.UNAUTHORIZED_EXTERNAL_SERVICE.bit(),
        "ext_authz_denied",
        List.of(headers),
        ByteString.utf8(body),
        OptionalInt.empty());
  }

  /** The authorization service failed. */
  public static LocalAnswer extAuthzError() {
    return LocalAnswer.of(
        403, ResponseFlag.UNAUTHORIZED_EXTERNAL_SERVICE.bit(), "ext_authz_error", "");
  }

  /** The authorization service asked for a change that cannot be made. */
  public static LocalAnswer extAuthzInvalid() {
    return LocalAnswer.of(
        500, ResponseFlag.UNAUTHORIZED_EXTERNAL_SERVICE.bit(), "ext_authz_invalid", "");
  }

  /** The request's token is not good; the reason is that of jwt_verify_lib. */
  public static LocalAnswer jwtDenied(int code, String reason) {
    return LocalAnswer.of(
            code, 0, "jwt_authn_access_denied{" + reason.replace(' ', '_') + "}", reason)
        .withHeader("www-authenticate", "Bearer realm=\"http://localhost/\"");
  }

  /** No policy let the request pass, or that one stopped it. */
  public static LocalAnswer rbacDenied(String policy) {
    return LocalAnswer.of(
        403, 0, "rbac_access_denied_matched_policy[" + policy + "]", "RBAC: access denied");
  }
}
