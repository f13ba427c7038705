package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.StreamResult;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what came of a request. A failure shows what was logged in the test. */
public final class StreamAssert extends AbstractAssert<StreamAssert, StreamResult> {

  private final TestLog log;

  StreamAssert(StreamResult result, TestLog log) {
    super(result, StreamAssert.class);
    this.log = log;
  }

  /** The client got a response with that code. */
  public StreamAssert hasCode(int code) {
    return check(actual.code().equals(OptionalInt.of(code)), "code " + code, code());
  }

  /** The client left without a response. */
  public StreamAssert hasNoCode() {
    return check(actual.code().isEmpty(), "no response", code());
  }

  /** {@code response.code_details} said that at the end, such as {@code via_upstream}. */
  public StreamAssert hasDetails(String details) {
    return check(
        actual.details().equals(details), "details " + details, "details " + actual.details());
  }

  /** {@code response.flags} had that flag at the end. */
  public StreamAssert hasFlag(ResponseFlag flag) {
    return check(
        (actual.flags() & flag.bit()) != 0,
        "flag " + flag,
        "flags 0x" + Long.toHexString(actual.flags()));
  }

  /** The worker had a filter for the stream: no trap before this stream had taken it away. */
  public StreamAssert metTheFilter() {
    return check(actual.filterRan(), "a stream that meets the filter", "one that does not");
  }

  /** The worker had no filter for the stream, since it had trapped before. */
  public StreamAssert didNotMeetTheFilter() {
    return check(!actual.filterRan(), "a stream that does not meet the filter", "one that does");
  }

  /** The filter trapped in this stream, with these words somewhere in the reason. */
  public StreamAssert trapped(String words) {
    String reason = actual.failure().orElse("");
    check(
        actual.failure().isPresent() && reason.contains(words),
        "a trap with: " + words,
        actual.failure().isPresent() ? "a trap with: " + reason : "no trap");
    log.expected(reason);
    return this;
  }

  private String code() {
    return actual.code().isPresent() ? "code " + actual.code().getAsInt() : "no response";
  }

  private StreamAssert check(boolean holds, String expected, String found) {
    if (!holds) {
      failWithMessage("expected %s, found %s%n%s", expected, found, log.text());
    }
    return this;
  }
}
