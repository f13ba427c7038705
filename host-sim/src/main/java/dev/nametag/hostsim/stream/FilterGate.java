package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One direction of a stream at one filter: what the filter holds waits here until it lets go.
 *
 * <p>A callback for headers that answers anything but Continue stops all: the body waits and is
 * shown to the filter afterwards. A callback for the body that stops lets nothing pass until the
 * filter continues. Source: Envoy source/common/http/filter_manager.cc, ActiveStreamFilterBase,
 * commonContinue, commonHandleAfterDataCallback and handleMetadataAfterHeadersCallback;
 * source/extensions/common/wasm/context.cc, Context::decodeData and convertFilterHeadersStatus.
 */
final class FilterGate implements Onward {

  // As the ABI numbers what callbacks answer; for headers, everything else stops like WATERMARK.
  static final long CONTINUE = 0;
  static final long BUFFER = 1;
  static final long WATERMARK = 2;
  static final long CONTINUE_AND_END_STREAM = 2;
  static final long STOP_ALL_AND_BUFFER = 3;
  static final long STOP_ALL_AND_WATERMARK = 4;

  private final Filter filter;
  private final Onward next;
  private final BufferLimit limit;

  private Stopped stopped = Stopped.NOWHERE;
  private boolean headersPassed;
  private boolean inCallback;
  private boolean continueAsked;
  private boolean closed;
  private boolean ended;

  private final MetadataGate metadata;

  /** The body that the filter holds, or has not been shown because it holds the headers. */
  private final ByteQueue held = new ByteQueue();

  /** How much of that the limit knows of. */
  private long counted;

  /** Whether the sender waits when that becomes too much. */
  private boolean senderWaits;

  private boolean bodyUnseen;
  private boolean trailersUnseen;

  /** Whether the filter is shown all that it holds, again with each part. */
  private boolean buffering;

  /** The body that the callback that is running can read and change. */
  private Optional<ByteQueue> shown = Optional.empty();

  private enum Stopped {
    NOWHERE,
    HEADERS,
    BODY,
    TRAILERS
  }

  /** The filter's callbacks; each returns what the filter answers. */
  interface Filter {

    long headers(boolean endOfStream);

    void metadata(int elements);

    long body(int size, boolean endOfStream);

    long trailers();

    /** Whether the filter still sees the part that makes a body too large. */
    boolean seesTooMuch();
  }

  FilterGate(Filter filter, Onward next, BufferLimit limit) {
    this.filter = filter;
    this.next = next;
    this.limit = limit;
    this.metadata = new MetadataGate(filter, next);
  }

  /** Whether the filter has been shown headers and has not let them pass. */
  boolean holdsHeaders() {
    return stopped == Stopped.HEADERS;
  }

  boolean holdsTrailers() {
    return stopped == Stopped.TRAILERS;
  }

  boolean headersPassed() {
    return headersPassed;
  }

  /** The body as the filter can see and change it now. */
  Optional<ByteQueue> body() {
    return buffering ? Optional.of(held) : shown;
  }

  /** The filter may have changed the body that it holds. */
  void bodyChanged() {
    if (!closed && !inCallback && tooMuch()) {
      limit.refuse();
    }
  }

  /** Nothing passes any more. */
  void close() {
    closed = true;
    held.clear();
    metadata.close();
  }

  @Override
  public void headers(boolean endOfStream) {
    if (closed) {
      return;
    }
    ended = endOfStream;
    long status = call(() -> filter.headers(endOfStream));
    if (closed) {
      return;
    }
    if (status != CONTINUE && status != CONTINUE_AND_END_STREAM && !continueAsked) {
      stopped = Stopped.HEADERS;
      senderWaits = status != STOP_ALL_AND_BUFFER;
      return;
    }
    headersPassed = true;
    metadata.around(() -> next.headers(endOfStream));
  }

  @Override
  public void metadata(Map<String, String> elements) {
    metadata.frame(elements);
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    if (closed) {
      return;
    }
    ended |= endOfStream;
    if (stopped == Stopped.HEADERS) {
      bodyUnseen = true;
      held.append(chunk);
      if (tooMuch()) {
        limit.refuse();
      }
      return;
    }
    ByteQueue visible = buffering ? held : new ByteQueue(chunk);
    boolean tooMuch = false;
    if (buffering) {
      held.append(chunk);
      tooMuch = tooMuch();
    }
    if (tooMuch && !filter.seesTooMuch()) {
      limit.refuse();
      return;
    }
    shown = Optional.of(visible);
    long status = call(() -> filter.body(visible.size(), endOfStream));
    shown = Optional.empty();
    if (closed) {
      return;
    }
    if (tooMuch) {
      limit.refuse();
    } else if (status == CONTINUE || continueAsked) {
      if (!buffering) {
        held.append(visible.take());
      }
      letBodyPass(endOfStream);
    } else {
      hold(status, visible);
    }
  }

  private void hold(long status, ByteQueue visible) {
    stopped = Stopped.BODY;
    boolean keeps = status == BUFFER || status == WATERMARK;
    if (keeps) {
      senderWaits = status == WATERMARK;
    }
    if (keeps && !buffering) {
      held.append(visible.take());
    }
    buffering = status == BUFFER;
    if (tooMuch()) {
      limit.refuse();
    }
  }

  @Override
  public void trailers() {
    if (closed) {
      return;
    }
    ended = true;
    if (stopped == Stopped.HEADERS) {
      trailersUnseen = true;
      return;
    }
    long status = call(filter::trailers);
    if (closed) {
      return;
    }
    if (status == CONTINUE || continueAsked) {
      letTrailersPass();
    } else {
      stopped = Stopped.TRAILERS;
    }
  }

  /** The filter lets go what it holds: {@code proxy_continue_stream}. */
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
      case HEADERS -> letHeadersPass();
      case BODY -> letBodyPass(ended);
      case TRAILERS -> letTrailersPass();
    }
  }

  private void letHeadersPass() {
    stopped = Stopped.NOWHERE;
    headersPassed = true;
    metadata.after(() -> next.headers(ended && !bodyUnseen && !trailersUnseen));
    if (bodyUnseen && !closed) {
      bodyUnseen = false;
      ByteString unseen = held.take();
      pass(() -> body(unseen, ended && !trailersUnseen));
    }
    if (trailersUnseen && !closed) {
      trailersUnseen = false;
      trailers();
    }
  }

  private void letBodyPass(boolean endOfStream) {
    stopped = Stopped.NOWHERE;
    buffering = false;
    ByteString all = held.take();
    if (!all.isEmpty() || endOfStream) {
      pass(() -> next.body(all, endOfStream));
    }
  }

  private void letTrailersPass() {
    letBodyPass(false);
    if (!closed) {
      next.trailers();
    }
  }

  private void pass(Runnable on) {
    long bytes = counted;
    counted = 0;
    limit.pass(bytes, on);
  }

  /** Tells the limit how much is held now. */
  private boolean tooMuch() {
    long change = held.size() - counted;
    counted = held.size();
    return limit.change(change, senderWaits);
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
