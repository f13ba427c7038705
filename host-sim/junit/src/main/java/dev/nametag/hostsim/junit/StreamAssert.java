package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.StreamRun;
import dev.nametag.hostsim.stream.Wire;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what came of a request, and about what client and upstream got of it. A failure
 * shows what was logged in the test.
 */
public final class StreamAssert extends AbstractAssert<StreamAssert, StreamRun.Outcome> {

  private final TestLog log;

  StreamAssert(StreamRun.Outcome outcome, TestLog log) {
    super(outcome, StreamAssert.class);
    this.log = log;
  }

  /** The client got a response with that code. */
  public StreamAssert hasCode(int code) {
    return check(actual.result().code().equals(OptionalInt.of(code)), "code " + code, code());
  }

  /** The client left without a response. */
  public StreamAssert hasNoCode() {
    return check(actual.result().code().isEmpty(), "no response", code());
  }

  /** {@code response.code_details} said that at the end, such as {@code via_upstream}. */
  public StreamAssert hasDetails(String details) {
    return check(
        actual.result().details().equals(details),
        "details " + details,
        "details " + actual.result().details());
  }

  /** {@code response.flags} had that flag at the end. */
  public StreamAssert hasFlag(ResponseFlag flag) {
    return check(
        (actual.result().flags() & flag.bit()) != 0,
        "flag " + flag,
        "flags 0x" + Long.toHexString(actual.result().flags()));
  }

  /** The worker had a filter for the stream: no trap before this stream had taken it away. */
  public StreamAssert metTheFilter() {
    return check(
        actual.result().filterRan(), "a stream that meets the filter", "one that does not");
  }

  /** The worker had no filter for the stream, since it had trapped before. */
  public StreamAssert didNotMeetTheFilter() {
    return check(
        !actual.result().filterRan(), "a stream that does not meet the filter", "one that does");
  }

  /** The filter trapped in this stream, with these words somewhere in the reason. */
  public StreamAssert trapped(String words) {
    String reason = actual.result().failure().orElse("");
    check(
        actual.result().failure().isPresent() && reason.contains(words),
        "a trap with: " + words,
        actual.result().failure().isPresent() ? "a trap with: " + reason : "no trap");
    log.expected(reason);
    return this;
  }

  /** What the client got is like that: headers, body and trailers as the filter let them pass. */
  public StreamAssert client(Consumer<WireAssert> like) {
    like.accept(new WireAssert("the client", actual.client(), log));
    return this;
  }

  /** What upstream got, in its only or last try, is like that; it must have been asked. */
  public StreamAssert upstream(Consumer<WireAssert> like) {
    check(!actual.upstream().isEmpty(), "a request to upstream", "none");
    return upstream(actual.upstream().size(), like);
  }

  /**
   * What upstream got in that try is like that.
   *
   * @param attempt from 1
   */
  public StreamAssert upstream(int attempt, Consumer<WireAssert> like) {
    List<Wire> tries = actual.upstream();
    check(attempt <= tries.size(), "try " + attempt + " at upstream", tries.size() + " of them");
    like.accept(new WireAssert("upstream", tries.get(attempt - 1), log));
    return this;
  }

  /** Upstream got nothing: the filter, or another one, answered. */
  public StreamAssert upstreamWasNotAsked() {
    return check(
        actual.upstream().isEmpty(),
        "no request to upstream",
        actual.upstream().size() + " of them");
  }

  private String code() {
    return actual.result().code().isPresent()
        ? "code " + actual.result().code().getAsInt()
        : "no response";
  }

  private StreamAssert check(boolean holds, String expected, String found) {
    if (!holds) {
      failWithMessage("expected %s, found %s%n%s", expected, found, log.text());
    }
    return this;
  }
}
