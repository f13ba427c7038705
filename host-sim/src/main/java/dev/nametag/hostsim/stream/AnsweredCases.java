package dev.nametag.hostsim.stream;

import static dev.nametag.hostsim.stream.StreamCases.A;
import static dev.nametag.hostsim.stream.StreamCases.BC;
import static dev.nametag.hostsim.stream.StreamCases.END;
import static dev.nametag.hostsim.stream.StreamCases.NOTHING;
import static dev.nametag.hostsim.stream.StreamCases.ONLY_LOGGED;
import static dev.nametag.hostsim.stream.StreamCases.PLAIN;
import static dev.nametag.hostsim.stream.StreamCases.UNANSWERED;
import static dev.nametag.hostsim.stream.StreamCases.WHOLE;
import static dev.nametag.hostsim.stream.StreamCases.chain;
import static dev.nametag.hostsim.stream.StreamCases.get;
import static dev.nametag.hostsim.stream.StreamCases.grpc;
import static dev.nametag.hostsim.stream.StreamCases.met;
import static dev.nametag.hostsim.stream.StreamCases.on;
import static dev.nametag.hostsim.stream.StreamCases.row;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamCases.Row;
import dev.nametag.hostsim.stream.StreamScript.Act;
import dev.nametag.hostsim.stream.StreamScript.After;
import dev.nametag.hostsim.stream.StreamScript.Interruption;
import java.util.Optional;
import java.util.stream.Stream;

/** Upstream answers: with and without bodies, and in all the ways that HTTP has. */
final class AnsweredCases {

  private AnsweredCases() {}

  static Stream<Row> rows() {
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
}
