package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.Wire;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what went over to one side of a request: to the client, or to upstream. Names of
 * headers are compared as they are, in lower case. A failure shows all that went over.
 */
public final class WireAssert extends AbstractAssert<WireAssert, Wire> {

  private final String side;
  private final TestLog log;

  WireAssert(String side, Wire wire, TestLog log) {
    super(wire, WireAssert.class);
    this.side = side;
    this.log = log;
  }

  /** There is a header of that name, and its values, in order, are these. */
  public WireAssert hasHeader(String name, String... values) {
    return check(
        values(actual.headers(), name).equals(List.of(values)),
        "the header " + name + ": " + String.join(", ", values));
  }

  /** There is no header of that name. */
  public WireAssert hasNoHeader(String name) {
    return check(values(actual.headers(), name).isEmpty(), "no header " + name);
  }

  /** {@code :status} is that code: what the client is told, which with gRPC is 200 for denials. */
  public WireAssert hasStatus(int code) {
    return hasHeader(":status", Integer.toString(code));
  }

  /** The parts of the body make up that text; no body is the empty text. */
  public WireAssert hasBody(String text) {
    return check(actual.body().toString().equals(text), "the body " + text);
  }

  /** There is a trailer of that name, and its values, in order, are these. */
  public WireAssert hasTrailer(String name, String... values) {
    return check(
        values(actual.trailers(), name).equals(List.of(values)),
        "the trailer " + name + ": " + String.join(", ", values));
  }

  /** All was sent, to the end. */
  public WireAssert isComplete() {
    return check(actual.complete() && !actual.reset(), "a message with an end");
  }

  /** It was broken off. */
  public WireAssert wasReset() {
    return check(actual.reset(), "a message that is broken off");
  }

  private static List<String> values(List<Header> headers, String name) {
    return headers.stream()
        .filter(header -> header.name().toString().equals(name))
        .map(header -> header.value().toString())
        .toList();
  }

  private WireAssert check(boolean holds, String expected) {
    if (!holds) {
      failWithMessage("%s: expected %s, found%n%s%s", side, expected, message(), log.text());
    }
    return this;
  }

  private String message() {
    StringBuilder message = new StringBuilder();
    add(message, actual.headers());
    message.append("  body: ").append(actual.body()).append('\n');
    add(message, actual.trailers());
    return message
        .append(actual.reset() ? "  reset\n" : actual.complete() ? "" : "  no end\n")
        .toString();
  }

  private static void add(StringBuilder message, List<Header> headers) {
    for (Header header : headers) {
      message.append("  ").append(header.name()).append(": ").append(header.value()).append('\n');
    }
  }
}
