package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.stream.StreamCases.END;
import static dev.nametag.hostsim.stream.StreamCases.ONLY_LOGGED;
import static dev.nametag.hostsim.stream.StreamCases.WHOLE;
import static dev.nametag.hostsim.stream.StreamCases.WITH_BODY;
import static dev.nametag.hostsim.stream.StreamCases.after;
import static dev.nametag.hostsim.stream.StreamCases.before;
import static dev.nametag.hostsim.stream.StreamCases.row;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamCases.Row;
import java.util.stream.Stream;

/** Other filters answer, before ours and after ours. */
final class RefusedCases {

  private RefusedCases() {}

  static Stream<Row> rows() {
    return Stream.of(
        row(
            "ratelimit after ours",
            after(Filters.rateLimited()),
            WHOLE + END,
            429,
            "RL",
            "request_rate_limited"),
        row(
            "ratelimit before ours",
            before(Filters.rateLimited()),
            ONLY_LOGGED,
            429,
            "RL",
            "request_rate_limited"),
        row(
            "ratelimit error, fail closed, after ours",
            after(Filters.rateLimitError()),
            WHOLE + END,
            500,
            "RLSE",
            "rate_limiter_error"),
        row(
            "ratelimit error, fail closed, before ours",
            before(Filters.rateLimitError()),
            ONLY_LOGGED,
            500,
            "RLSE",
            "rate_limiter_error"),
        row(
            "local_ratelimit after ours",
            after(Filters.locallyRateLimited()),
            WITH_BODY + END,
            429,
            "RL",
            "local_rate_limited"),
        row(
            "local_ratelimit before ours",
            before(Filters.locallyRateLimited()),
            ONLY_LOGGED,
            429,
            "RL",
            "local_rate_limited"),
        row(
            "ext_authz denied after ours",
            after(Filters.extAuthzDenied(403, "")),
            WHOLE + END,
            403,
            "UAEX",
            "ext_authz_denied"),
        row(
            "ext_authz denied before ours, with the service's own code",
            before(Filters.extAuthzDenied(302, "", Header.of("location", "/login"))),
            ONLY_LOGGED,
            302,
            "UAEX",
            "ext_authz_denied"),
        row(
            "ext_authz error after ours",
            after(Filters.extAuthzError()),
            WHOLE + END,
            403,
            "UAEX",
            "ext_authz_error"),
        row(
            "ext_authz error before ours",
            before(Filters.extAuthzError()),
            ONLY_LOGGED,
            403,
            "UAEX",
            "ext_authz_error"),
        row(
            "ext_authz invalid mutation before ours",
            before(Filters.extAuthzInvalid()),
            ONLY_LOGGED,
            500,
            "UAEX",
            "ext_authz_invalid"),
        row(
            "jwt_authn without a token after ours",
            after(Filters.jwtDenied(401, "Jwt is missing")),
            WITH_BODY + END,
            401,
            "",
            "jwt_authn_access_denied{Jwt_is_missing}"),
        row(
            "jwt_authn with the wrong audience before ours",
            before(Filters.jwtDenied(403, "Audiences in Jwt are not allowed")),
            ONLY_LOGGED,
            403,
            "",
            "jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}"),
        row(
            "rbac after ours",
            after(Filters.rbacDenied("none")),
            WITH_BODY + END,
            403,
            "",
            "rbac_access_denied_matched_policy[none]"),
        row(
            "rbac before ours",
            before(Filters.rbacDenied("p")),
            ONLY_LOGGED,
            403,
            "",
            "rbac_access_denied_matched_policy[p]"));
  }
}
