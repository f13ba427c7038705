package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.stream.StreamScript.After;
import dev.nametag.hostsim.stream.StreamScript.Interruption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What becomes of streams: one row each, to be compared with Envoy's code. Callbacks: Envoy
 * source/extensions/common/wasm/context.cc and source/common/http/filter_manager.cc. Codes, flags
 * and details: the filters of those names in source/extensions/filters/http,
 * source/common/router/router.cc and source/common/http/conn_manager_impl.cc. Rows marked derived
 * follow from that code and were not seen in a running Envoy.
 */
public final class StreamCases {

  private static final String WHOLE = "create, request_headers end, response_headers end, ";
  private static final String WITH_BODY =
      "create, request_headers end, response_headers, response_body end, ";
  private static final String END = "log, done, delete";
  private static final String ONLY_LOGGED = "create, " + END;
  private static final String UNANSWERED = "create, request_headers end, " + END;
  private static final ByteString A = ByteString.utf8("a");
  private static final ByteString BC = ByteString.utf8("bc");
  private static final ByteString NOTHING = ByteString.EMPTY;
  private static final Route PLAIN = Route.to(Route.Cluster.of("up", "10.0.0.2:8080"));
  private static final RetryPolicy TWICE = RetryPolicy.of(1, RetryPolicy.On.FIVE_XX);

  /** One row. Codes are those that the client gets, and that on_log finds; -1 for none. */
  public record Row(
      String name,
      StreamScript script,
      String callbacks,
      int clientCode,
      int loggedCode,
      String flags,
      String details) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All rows. */
  public static Stream<Row> rows() {
    return Stream.of(
        row("upstream answers", met(Act.respond(200)), WHOLE + END, 200, "", "via_upstream"),
        row(
            "upstream answers with a body in parts",
            met(Act.respond(200).with(A, BC)),
            "create, request_headers end, response_headers, response_body, response_body end, "
                + END,
            200,
            "",
            "via_upstream"),
        row(
            "a body that ends with an empty part",
            met(Act.respond(200).with(A, NOTHING)),
            "create, request_headers end, response_headers, response_body, response_body end, "
                + END,
            200,
            "",
            "via_upstream"),
        row(
            "a request with a body and trailers, a response with trailers only",
            get()
                .sending(A, BC)
                .endingWith(Header.of("t", "1"))
                .met(Act.respond(200).endingWith(Header.of("grpc-status", "0"))),
            "create, request_headers, request_body, request_body, request_trailers,"
                + " response_headers, response_trailers, "
                + END,
            200,
            "",
            "via_upstream"),
        row(
            "a request with a body",
            get().sending(A, BC).met(Act.respond(200)),
            "create, request_headers, request_body, request_body end, response_headers end, " + END,
            200,
            "",
            "via_upstream"),
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
            "rbac_access_denied_matched_policy[p]"),
        row(
            "direct response",
            on(PLAIN.answering(418, "tea")),
            WITH_BODY + END,
            418,
            "",
            "direct_response"),
        row(
            "no route",
            get().routed(headers -> Optional.empty()),
            WHOLE + END,
            404,
            "NR",
            "route_not_found"),
        row(
            "no healthy upstream",
            on(Route.to(new Route.Cluster("up", UpstreamHost.at("10.0.0.2:1"), false, Map.of()))),
            WITH_BODY + END,
            503,
            "UH",
            "no_healthy_upstream"),
        row(
            "upstream refuses the connection",
            met(new Act.Break(UpstreamFailure.REMOTE_CONNECTION_FAILURE)),
            WITH_BODY + END,
            503,
            "UF",
            "upstream_reset_before_response_started{remote_connection_failure}"),
        row(
            "upstream closes the connection",
            met(new Act.Break(UpstreamFailure.CONNECTION_TERMINATION)),
            WITH_BODY + END,
            503,
            "UC",
            "upstream_reset_before_response_started{connection_termination}"),
        row(
            "upstream resets the stream",
            met(new Act.Break(UpstreamFailure.REMOTE_RESET)),
            WITH_BODY + END,
            503,
            "UR",
            "upstream_reset_before_response_started{remote_reset}"),
        row(
            "a circuit breaker is open",
            met(new Act.Break(UpstreamFailure.OVERFLOW)),
            WITH_BODY + END,
            503,
            "UO",
            "upstream_reset_before_response_started{overflow}"),
        row(
            "upstream breaks off in the middle of the response",
            met(
                Act.respond(200)
                    .with(A)
                    .then(new After.Break(UpstreamFailure.CONNECTION_TERMINATION))),
            "create, request_headers end, response_headers, response_body, " + END,
            200,
            "UC",
            "upstream_reset_after_response_started{connection_termination}"),
        row(
            "the client leaves before a response",
            get().then(Interruption.clientLeaves()),
            UNANSWERED,
            -1,
            "DC",
            "downstream_remote_disconnect"),
        row(
            "the client resets the stream before a response",
            get()
                .then(
                    new Interruption.ClientGone(
                        ResponseFlag.DOWNSTREAM_REMOTE_RESET.bit(), "http2.remote_reset")),
            UNANSWERED,
            -1,
            "DR",
            "http2.remote_reset"),
        row(
            "the client leaves in the middle of its request",
            get().sending(A).leftOpen().then(Interruption.clientLeaves()),
            "create, request_headers, request_body, " + END,
            -1,
            "DC",
            "downstream_remote_disconnect"),
        row(
            "the client leaves in the middle of the response",
            met(Act.respond(200).with(A).then(new After.Stall())).then(Interruption.clientLeaves()),
            "create, request_headers end, response_headers, response_body, " + END,
            200,
            "DC",
            "downstream_remote_disconnect"),
        row(
            "the route's timeout",
            get().then(new Interruption.TimedOut(StreamTimeout.RESPONSE)),
            WITH_BODY + END,
            504,
            "UT",
            "response_timeout"),
        row(
            "the timeout of a try",
            get().then(new Interruption.TimedOut(StreamTimeout.PER_TRY)),
            WITH_BODY + END,
            504,
            "UT",
            "upstream_per_try_timeout"),
        row(
            "nothing moves, the request is there",
            get().then(new Interruption.TimedOut(StreamTimeout.STREAM_IDLE)),
            WITH_BODY + END,
            504,
            "SI",
            "stream_idle_timeout"),
        row(
            "nothing moves, the request is not finished",
            get().sending(A).leftOpen().then(new Interruption.TimedOut(StreamTimeout.STREAM_IDLE)),
            "create, request_headers, request_body, response_headers, response_body end, " + END,
            408,
            "SI",
            "stream_idle_timeout"),
        row(
            "the request takes too long",
            get().sending(A).leftOpen().then(new Interruption.TimedOut(StreamTimeout.REQUEST)),
            "create, request_headers, request_body, response_headers, response_body end, " + END,
            408,
            "",
            "request_overall_timeout"),
        row(
            "nothing moves in the middle of the response",
            met(Act.respond(200).with(A).then(new After.Stall()))
                .then(new Interruption.TimedOut(StreamTimeout.STREAM_IDLE)),
            "create, request_headers end, response_headers, response_body, " + END,
            200,
            "SI",
            "stream_idle_timeout"),
        row(
            "a retry that helps",
            on(PLAIN.retrying(TWICE)).met(Act.respond(503), Act.respond(200)),
            WHOLE + END,
            200,
            "",
            "via_upstream"),
        row(
            "a retry after a reset that helps",
            on(PLAIN.retrying(TWICE))
                .met(new Act.Break(UpstreamFailure.REMOTE_RESET), Act.respond(200)),
            WHOLE + END,
            200,
            "",
            "via_upstream"),
        row(
            "retries that do not help",
            on(PLAIN.retrying(TWICE)).met(Act.respond(503), Act.respond(503)),
            WHOLE + END,
            503,
            "URX",
            "via_upstream"),
        row(
            "retries of a connection that never comes about",
            on(PLAIN.retrying(TWICE))
                .met(
                    new Act.Break(UpstreamFailure.REMOTE_CONNECTION_FAILURE),
                    new Act.Break(UpstreamFailure.REMOTE_CONNECTION_FAILURE)),
            WITH_BODY + END,
            503,
            "UF,URX",
            "upstream_reset_before_response_started{remote_connection_failure}"),
        row(
            "100-continue, which Envoy says by itself",
            get("expect", "100-continue").sending(A).met(Act.respond(200)),
            "create, request_headers, request_body end, response_headers end, " + END,
            200,
            "",
            "via_upstream"),
        row(
            "interim responses of upstream",
            met(Act.respond(200).after(100, 103)),
            WHOLE + END,
            200,
            "",
            "via_upstream"),
        row(
            "a WebSocket until the client closes it",
            get("upgrade", "websocket")
                .routed(headers -> Optional.of(PLAIN.upgrading("websocket")))
                .sending(A)
                .leftOpen()
                .met(Act.respond(101).with(BC).then(new After.Stall()))
                .then(Interruption.clientLeaves()),
            "create, request_headers, request_body, response_headers, response_body, " + END,
            101,
            "DC",
            "downstream_remote_disconnect"),
        row(
            "an upgrade that no route lets through (derived)",
            get("upgrade", "websocket").leftOpen(),
            ONLY_LOGGED,
            403,
            "",
            "upgrade_failed"),
        row(
            "gRPC",
            grpc()
                .sending(A)
                .met(Act.respond(200).with(BC).endingWith(Header.of("grpc-status", "0"))),
            "create, request_headers, request_body end, response_headers, response_body,"
                + " response_trailers, "
                + END,
            200,
            "",
            "via_upstream"),
        new Row(
            "gRPC over the rate limit after ours: 200, and 429 in response headers (derived)",
            grpc().through(chain(false, Filters.rateLimited())),
            WHOLE + END,
            200,
            200,
            "RL",
            "request_rate_limited"),
        row(
            "gRPC denied by ext_authz before ours",
            grpc().through(chain(true, Filters.extAuthzDenied(403, "no"))),
            ONLY_LOGGED,
            200,
            "UAEX",
            "ext_authz_denied"),
        row(
            "an internal redirect: the first stream is logged, another follows",
            on(PLAIN.followingRedirects(1))
                .met(Act.respond(302, Header.of("location", "/there")), Act.respond(200)),
            UNANSWERED + ", " + WHOLE + END,
            200,
            "",
            "via_upstream"),
        row(
            "a redirect too many goes to the client",
            on(PLAIN.followingRedirects(1))
                .met(
                    Act.respond(302, Header.of("location", "/there")),
                    Act.respond(302, Header.of("location", "/elsewhere"))),
            UNANSWERED + ", " + WHOLE + END,
            302,
            "",
            "via_upstream"));
  }

  private StreamCases() {}

  private static Row row(
      String name, StreamScript script, String callbacks, int code, String flags, String details) {
    return new Row(name, script, callbacks, code, code, flags, details);
  }

  static StreamScript get(String... extra) {
    List<Header> headers =
        new ArrayList<>(
            List.of(
                Header.of(":authority", "a"),
                Header.of(":path", "/"),
                Header.of(":method", "GET"),
                Header.of(":scheme", "http")));
    for (int i = 0; i < extra.length; i += 2) {
      headers.add(Header.of(extra[i], extra[i + 1]));
    }
    return StreamScript.of(
        StreamSetup.of(
            Connection.plain("127.0.0.1:5000"), FilterChain.OURS_ALONE, h -> Optional.of(PLAIN)),
        headers);
  }

  private static StreamScript grpc() {
    return get("content-type", "application/grpc");
  }

  static StreamScript met(Act... acts) {
    return get().met(acts);
  }

  private static StreamScript on(Route route) {
    return get().routed(headers -> Optional.of(route));
  }

  private static StreamScript before(LocalAnswer answer) {
    return get().through(chain(true, answer));
  }

  private static StreamScript after(LocalAnswer answer) {
    return get().through(chain(false, answer));
  }

  private static FilterChain chain(boolean beforeOurs, LocalAnswer answer) {
    List<StreamFilter> filter = List.of(Filters.answering(answer));
    return beforeOurs ? new FilterChain(filter, List.of()) : new FilterChain(List.of(), filter);
  }
}
