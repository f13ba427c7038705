package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.stream.StreamCases.A;
import static dev.nametag.hostsim.stream.StreamCases.END;
import static dev.nametag.hostsim.stream.StreamCases.PLAIN;
import static dev.nametag.hostsim.stream.StreamCases.TWICE;
import static dev.nametag.hostsim.stream.StreamCases.UNANSWERED;
import static dev.nametag.hostsim.stream.StreamCases.WHOLE;
import static dev.nametag.hostsim.stream.StreamCases.WITH_BODY;
import static dev.nametag.hostsim.stream.StreamCases.get;
import static dev.nametag.hostsim.stream.StreamCases.met;
import static dev.nametag.hostsim.stream.StreamCases.on;
import static dev.nametag.hostsim.stream.StreamCases.row;

import dev.nametag.hostsim.stream.StreamCases.Row;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.stream.StreamScript.After;
import dev.nametag.hostsim.stream.StreamScript.Interruption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** No upstream, one that fails, clients that leave, timeouts, and tries that are repeated. */
final class FailedCases {

  private FailedCases() {}

  static Stream<Row> rows() {
    return Stream.of(
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
            "a retry after a reset that does not help",
            on(PLAIN.retrying(TWICE))
                .met(new Act.Break(UpstreamFailure.REMOTE_RESET), Act.respond(503)),
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
            "upstream_reset_before_response_started{remote_connection_failure}"));
  }
}
