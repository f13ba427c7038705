package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A request to an upstream that is built in, which answers when it has come whole. */
abstract class BuiltInCall implements Backend.Call {

  /** More than this of a body is counted, but not kept. */
  private static final int KEPT_BYTES = 1024 * 1024;

  private final EventLoop loop;
  private final List<Future<?>> planned = new ArrayList<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  private Optional<Runnable> waiting = Optional.empty();
  private boolean paused;
  private boolean cancelled;

  final UpstreamEvents attempt;
  final List<Header> headers;
  long bodySize;

  BuiltInCall(EventLoop loop, UpstreamEvents attempt, List<Header> headers) {
    this.loop = loop;
    this.attempt = attempt;
    this.headers = headers;
  }

  /** The request has come whole. */
  abstract void answer();

  /** The body, or the beginning of one that is very large. */
  final String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  /** The first value of a header of the request, or nothing. */
  final String header(String name) {
    ByteString wanted = ByteString.utf8(name);
    for (Header header : headers) {
      if (header.name().equals(wanted)) {
        return header.value().toString();
      }
    }
    return "";
  }

  /** Does something after a while, unless the try is given up; at once if the while is nothing. */
  final void after(Duration delay, Runnable action) {
    if (delay.isZero()) {
      action.run();
    } else {
      later(delay, action);
    }
  }

  /**
   * Does something after a while, unless the try is given up, and in any case after what is going
   * on: only then does it show when the client takes no more.
   */
  final void later(Duration delay, Runnable action) {
    planned.removeIf(Future::isDone);
    planned.add(loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  /**
   * Whether nothing can be said now. If the client takes no more, the action is done when it does
   * again; if the try is given up, never.
   */
  final boolean waitsFor(Runnable action) {
    if (paused && !cancelled) {
      waiting = Optional.of(action);
    }
    return paused || cancelled;
  }

  final void respond(int status, String contentType, String body) {
    ByteString bytes = ByteString.utf8(body);
    attempt.headers(
        List.of(
            Header.of(":status", Integer.toString(status)),
            Header.of("content-type", contentType),
            Header.of("content-length", Integer.toString(bytes.size()))),
        isHead());
    if (!isHead()) {
      attempt.body(bytes, true);
    }
  }

  final boolean isHead() {
    return header(":method").equals("HEAD");
  }

  @Override
  public final void body(ByteString chunk, boolean endOfStream) {
    bodySize += chunk.size();
    int room = KEPT_BYTES - kept.size();
    kept.writeBytes(chunk.slice(0, Math.min(room, chunk.size())).toByteArray());
    if (endOfStream) {
      answer();
    }
  }

  @Override
  public final void trailers(List<Header> trailers) {
    answer();
  }

  @Override
  public final void pauseResponse(boolean wanted) {
    paused = wanted;
    if (!paused && waiting.isPresent()) {
      Runnable action = waiting.get();
      waiting = Optional.empty();
      later(Duration.ZERO, action);
    }
  }

  @Override
  public final void cancel() {
    cancelled = true;
    planned.forEach(each -> each.cancel(false));
  }
}
