package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One direction of a stream at our filter: what the module holds waits here until it lets go.
 *
 * <p>A callback for headers that answers anything but Continue stops all: the body waits and is
 * shown to the module afterwards. A callback for the body that stops lets nothing pass until it
 * continues. Source: Envoy source/common/http/filter_manager.cc, ActiveStreamFilterBase,
 * commonContinue and commonHandleAfterDataCallback; source/extensions/common/wasm/context.cc,
 * Context::decodeData and convertFilterHeadersStatus.
 */
final class FilterGate {

  private static final long CONTINUE = 0;
  private static final long CONTINUE_AND_END_STREAM = 2;
  private static final long BUFFER = 1;
  private static final long WATERMARK = 2;

  private final Module module;
  private final Next next;

  private Stopped stopped = Stopped.NOWHERE;
  private boolean headersPassed;
  private boolean inCallback;
  private boolean continueAsked;
  private boolean closed;

  /** The body that the module has not been shown, because it holds the headers. */
  private ByteString unseen = ByteString.EMPTY;

  private boolean unseenData;
  private boolean unseenTrailers;
  private boolean ended;

  /** The body that the module holds. */
  private ByteString held = ByteString.EMPTY;

  private boolean buffering;
  private boolean trailersHeld;

  /** The body that the callback that is running can read and change. */
  private ByteString visible = ByteString.EMPTY;

  private boolean bodyVisible;

  private enum Stopped {
    NOWHERE,
    HEADERS,
    BODY,
    TRAILERS
  }

  /** The module's callbacks; each returns what the module answers. */
  interface Module {

    long headers(boolean endOfStream);

    long body(int size, boolean endOfStream);

    long trailers();
  }

  /** What comes behind our filter in this direction. */
  interface Next {

    void headers(boolean endOfStream);

    void body(ByteString chunk, boolean endOfStream);

    void trailers();
  }

  FilterGate(Module module, Next next) {
    this.module = module;
    this.next = next;
  }

  /** Whether the module has been shown headers and has not let them pass. */
  boolean holdsHeaders() {
    return stopped == Stopped.HEADERS;
  }

  boolean holdsTrailers() {
    return stopped == Stopped.TRAILERS;
  }

  boolean headersPassed() {
    return headersPassed;
  }

  /** The body as the module sees it now. */
  Optional<ByteString> buffer() {
    if (bodyVisible) {
      return Optional.of(visible);
    }
    return stopped == Stopped.BODY && buffering ? Optional.of(held) : Optional.empty();
  }

  boolean replaceBuffer(ByteString bytes) {
    if (bodyVisible) {
      visible = bytes;
      return true;
    }
    if (stopped == Stopped.BODY && buffering) {
      held = bytes;
      return true;
    }
    return false;
  }

  /** Nothing passes any more. */
  void close() {
    closed = true;
  }

  void headers(boolean endOfStream) {
    ended = endOfStream;
    long status = call(() -> module.headers(endOfStream));
    if (closed) {
      return;
    }
    if (status != CONTINUE && status != CONTINUE_AND_END_STREAM && !continueAsked) {
      stopped = Stopped.HEADERS;
      return;
    }
    headersPassed = true;
    next.headers(endOfStream);
  }

  void body(ByteString chunk, boolean endOfStream) {
    if (closed) {
      return;
    }
    ended |= endOfStream;
    if (stopped == Stopped.HEADERS) {
      unseen = unseen.concat(chunk);
      unseenData = true;
      return;
    }
    visible = buffering ? held.concat(chunk) : chunk;
    bodyVisible = true;
    long status = call(() -> module.body(visible.size(), endOfStream));
    bodyVisible = false;
    if (closed) {
      return;
    }
    ByteString all = buffering ? visible : held.concat(visible);
    if (status == CONTINUE || continueAsked) {
      let(all, endOfStream);
    } else {
      stopped = Stopped.BODY;
      if (status == BUFFER || status == WATERMARK || buffering) {
        held = all;
      }
      buffering = status == BUFFER;
    }
  }

  void trailers() {
    if (closed) {
      return;
    }
    ended = true;
    if (stopped == Stopped.HEADERS) {
      unseenTrailers = true;
      return;
    }
    long status = call(module::trailers);
    if (closed) {
      return;
    }
    if (status == CONTINUE || continueAsked) {
      if (stopped == Stopped.BODY) {
        let(held, false);
      }
      next.trailers();
    } else {
      trailersHeld = true;
      stopped = Stopped.TRAILERS;
    }
  }

  /** The module lets go what it holds: {@code proxy_continue_stream}. */
  void resume() {
    if (inCallback) {
      continueAsked = true;
      return;
    }
    if (closed) {
      return;
    }
    switch (stopped) {
      case NOWHERE -> {}
      case HEADERS -> {
        stopped = Stopped.NOWHERE;
        headersPassed = true;
        next.headers(ended && !unseenData && !unseenTrailers);
        if (unseenData) {
          ByteString waiting = unseen;
          unseen = ByteString.EMPTY;
          unseenData = false;
          body(waiting, ended && !unseenTrailers);
        }
        if (unseenTrailers) {
          unseenTrailers = false;
          trailers();
        }
      }
      case BODY -> let(held, ended && !trailersHeld);
      case TRAILERS -> {
        if (!held.isEmpty()) {
          let(held, false);
        }
        stopped = Stopped.NOWHERE;
        next.trailers();
      }
    }
  }

  private void let(ByteString bytes, boolean endOfStream) {
    held = ByteString.EMPTY;
    buffering = false;
    stopped = Stopped.NOWHERE;
    next.body(bytes, endOfStream);
  }

  private long call(LongSupplier callback) {
    inCallback = true;
    continueAsked = false;
    try {
      return callback.getAsLong();
    } finally {
      inCallback = false;
    }
  }
}
