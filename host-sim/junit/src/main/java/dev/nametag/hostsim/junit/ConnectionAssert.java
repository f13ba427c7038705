package dev.nametag.hostsim.junit;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.tcp.CloseType;
import dev.nametag.hostsim.tcp.TcpConnection;
import dev.nametag.hostsim.tcp.TcpResult;
import java.util.Optional;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;

/**
 * A TCP connection through the filter: what client and upstream do, and assertions about what came
 * of it so far. Assertions that something has come wait for ticks of the filter, and for answers to
 * its calls, if it has not come yet. A failure shows what went over, and the log.
 */
public final class ConnectionAssert extends AbstractAssert<ConnectionAssert, TcpConnection> {

  private final TestLog log;
  private Optional<String> trap = Optional.empty();

  ConnectionAssert(TcpConnection connection, TestLog log) {
    super(connection, ConnectionAssert.class);
    this.log = log;
    noteTrap();
  }

  /** The client sends text, in UTF-8. */
  public ConnectionAssert sends(String text) {
    return sends(ByteString.utf8(text).toByteArray());
  }

  /** The client sends bytes. */
  public ConnectionAssert sends(byte[] bytes) {
    actual.sends(ByteString.of(bytes));
    return noteTrap();
  }

  /** The client sends nothing more, but reads on. */
  public ConnectionAssert ends() {
    actual.ends();
    return noteTrap();
  }

  /** The client's connection breaks off. */
  public ConnectionAssert resets() {
    actual.resets();
    return noteTrap();
  }

  /** Upstream sends text, in UTF-8; Envoy must have connected to it. */
  public ConnectionAssert upstreamSends(String text) {
    return upstreamSends(ByteString.utf8(text).toByteArray());
  }

  /** Upstream sends bytes; Envoy must have connected to it. */
  public ConnectionAssert upstreamSends(byte[] bytes) {
    actual.upstreamSends(ByteString.of(bytes));
    return noteTrap();
  }

  /** Upstream sends nothing more, but reads on. */
  public ConnectionAssert upstreamEnds() {
    actual.upstreamEnds();
    return noteTrap();
  }

  /** Upstream's connection breaks off. */
  public ConnectionAssert upstreamResets() {
    actual.upstreamResets();
    return noteTrap();
  }

  /** Upstream has got that text, and no more. */
  public ConnectionAssert upstreamGot(String text) {
    return await(got -> upstream(got).equals(ByteString.utf8(text)), "upstream to get " + text);
  }

  /** Upstream has got no bytes: Envoy need not have connected to it. */
  public ConnectionAssert upstreamGotNothing() {
    return check(upstream(actual.result()).isEmpty(), "upstream to get nothing");
  }

  /** Envoy has not connected to upstream. */
  public ConnectionAssert upstreamWasNotAsked() {
    return check(actual.result().upstream().isEmpty(), "no connection to upstream");
  }

  /** The client has got that text, and no more. */
  public ConnectionAssert clientGot(String text) {
    return await(
        got -> got.client().bytes().equals(ByteString.utf8(text)), "the client to get " + text);
  }

  /** The client has got no bytes. */
  public ConnectionAssert clientGotNothing() {
    return check(actual.result().client().bytes().isEmpty(), "the client to get nothing");
  }

  /** The client's connection is open. */
  public ConnectionAssert isOpen() {
    return check(actual.result().closed().isEmpty(), "an open connection");
  }

  /** The client's connection was closed: by Envoy, LOCAL, or by the client, REMOTE. */
  public ConnectionAssert closedBy(CloseType side) {
    return await(
        got -> got.closed().equals(Optional.of(side)), "the connection to be closed by " + side);
  }

  /** Envoy said that when it closed the connection, such as {@code wasm_downstream_close}. */
  public ConnectionAssert closedBecause(String reason) {
    return await(got -> got.closeReason().equals(reason), "the reason " + reason);
  }

  /** {@code response.flags} had that flag. */
  public ConnectionAssert hasFlag(ResponseFlag flag) {
    return check((actual.result().flags() & flag.bit()) != 0, "flag " + flag);
  }

  /** The filter trapped, with these words somewhere in the reason. */
  public ConnectionAssert trapped(String words) {
    noteTrap();
    check(trap.filter(reason -> reason.contains(words)).isPresent(), "a trap with: " + words);
    log.expected(trap.orElseThrow());
    return this;
  }

  private static ByteString upstream(TcpResult result) {
    return result.upstream().map(TcpResult.Side::bytes).orElse(ByteString.EMPTY);
  }

  private ConnectionAssert noteTrap() {
    if (trap.isEmpty()) {
      trap = actual.result().failure();
      trap.ifPresent(log::trapped);
    }
    return this;
  }

  private ConnectionAssert await(Predicate<TcpResult> holds, String expected) {
    boolean held = actual.awaits(holds);
    noteTrap();
    return check(held, expected);
  }

  private ConnectionAssert check(boolean holds, String expected) {
    if (!holds) {
      TcpResult result = actual.result();
      failWithMessage(
          "expected %s, found%n  upstream: %s%n  client: %s%n  closed: %s%n%s",
          expected,
          result.upstream().map(side -> side.bytes().toString()).orElse("not connected"),
          result.client().bytes(),
          result.closed().map(by -> by + " " + result.closeReason()).orElse("no"),
          log.text());
    }
    return this;
  }
}
