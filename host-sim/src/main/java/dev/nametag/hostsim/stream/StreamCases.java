package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.StreamScript.Act;
import java.util.ArrayList;
import java.util.List;
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

  static final String WHOLE = "create, request_headers end, response_headers end, ";
  static final String WITH_BODY =
      "create, request_headers end, response_headers, response_body end, ";
  static final String END = "log, done, delete";
  static final String ONLY_LOGGED = "create, " + END;
  static final String UNANSWERED = "create, request_headers end, " + END;
  static final ByteString A = ByteString.utf8("a");
  static final ByteString BC = ByteString.utf8("bc");
  static final ByteString NOTHING = ByteString.EMPTY;
  static final Route PLAIN = Route.to(Route.Cluster.of("up", "10.0.0.2:8080"));
  static final RetryPolicy TWICE = RetryPolicy.of(1, RetryPolicy.On.FIVE_XX);

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
    return Stream.of(AnsweredCases.rows(), RefusedCases.rows(), FailedCases.rows())
        .flatMap(rows -> rows);
  }

  private StreamCases() {}

  static Row row(
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

  static StreamScript grpc() {
    return get("content-type", "application/grpc");
  }

  static StreamScript met(Act... acts) {
    return get().met(acts);
  }

  static StreamScript on(Route route) {
    return get().routed(headers -> Optional.of(route));
  }

  static StreamScript before(LocalAnswer answer) {
    return get().through(chain(true, answer));
  }

  static StreamScript after(LocalAnswer answer) {
    return get().through(chain(false, answer));
  }

  static FilterChain chain(boolean beforeOurs, LocalAnswer answer) {
    List<StreamFilter> filter = List.of(Filters.answering(answer));
    return beforeOurs ? new FilterChain(filter, List.of()) : new FilterChain(List.of(), filter);
  }
}
