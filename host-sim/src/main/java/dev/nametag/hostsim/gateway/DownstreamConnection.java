package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stream.Connection;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.stream.StreamTimeout;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection: one stream after the other, in the order of the requests. What comes while
 * a stream is running waits; when much waits, nothing more is read.
 *
 * <p>Source: Envoy source/common/http/conn_manager_impl.cc, onData, onEvent, doEndStream and
 * checkForDeferredClose.
 */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
final class DownstreamConnection extends ChannelInboundHandlerAdapter
    implements ResponseWriter.Owner, Backend.Flow {

  private static final int MAX_WAITING = 16;

  /** Envoy's default for {@code delayed_close_timeout}. */
  private static final long DELAYED_CLOSE_MILLIS = 1_000;

  private final GatewayWorker worker;
  private final Channel channel;
  private final Connection connection;
  private final Queue<HttpObject> waiting = new ArrayDeque<>();

  private Optional<GatewayStream> current = Optional.empty();
  private Optional<RequestHead> head = Optional.empty();

  /** The end of a request without a body, which its headers have said already, is still to come. */
  private boolean emptyEndDue;

  private boolean requestOpen;
  private boolean responseOpen;
  private boolean draining;
  private boolean discarding;

  // Why nothing more is read: the upstream takes no more of the request, or filters do not.
  private boolean upstreamFull;
  private boolean filtersFull;

  DownstreamConnection(GatewayWorker worker, Channel channel, long id) {
    this.worker = worker;
    this.channel = channel;
    this.connection =
        new Connection(
            id,
            "HTTP/1.1",
            Messages.address(channel.remoteAddress()),
            Messages.address(channel.localAddress()),
            "",
            Optional.empty());
  }

  // What the client sends.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    HttpObject object = (HttpObject) message;
    boolean cut = object.decoderResult().cause() instanceof PrematureChannelClosureException;
    if (discarding || cut) {
      // A request that is cut in its headers is none.
      ReferenceCountUtil.release(object);
    } else if (waiting.isEmpty() && takes(object)) {
      take(object);
    } else {
      waiting.add(object);
      readOrNot();
    }
  }

  /** Whether the message is for the stream that is running, or begins one now. */
  private boolean takes(HttpObject message) {
    return !(message instanceof HttpRequest) || current.isEmpty();
  }

  private void take(HttpObject message) {
    try {
      if (message instanceof HttpRequest && worker.refuses()) {
        close();
      } else if (message instanceof HttpRequest request) {
        begin(RequestHead.of(request));
      } else if (message instanceof HttpContent content) {
        more(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(RequestHead request) {
    head = Optional.of(request);
    requestOpen = !request.endOfStream();
    emptyEndDue = request.endOfStream();
    responseOpen = true;
    GatewayStream stream =
        new GatewayStream(
            worker,
            request.http10() ? connection.speaking("HTTP/1.0") : connection,
            new ResponseWriter(channel, request, this),
            this,
            request.refusal());
    current = Optional.of(stream);
    worker.totals().began();
    stream.pauseResponse(!channel.isWritable());
    stream.stream().requestHeaders(request.headers(), request.endOfStream());
  }

  private void more(HttpContent content) {
    if (emptyEndDue) {
      emptyEndDue = false;
      return;
    }
    if (current.isEmpty() || !requestOpen || !responseOpen) {
      return;
    }
    var stream = current.get().stream();
    if (content.decoderResult().isFailure()) {
      discarding = true;
      stream.refuse(RequestHead.notUnderstood(content.decoderResult().cause()));
      return;
    }
    ByteString bytes = Messages.bytes(content.content());
    if (!(content instanceof LastHttpContent last)) {
      stream.requestBody(bytes, false);
      return;
    }
    requestOpen = false;
    if (last.trailingHeaders().isEmpty()) {
      stream.requestBody(bytes, true);
    } else {
      if (!bytes.isEmpty()) {
        stream.requestBody(bytes, false);
      }
      stream.requestTrailers(Messages.headers(last.trailingHeaders()));
    }
  }

  /** Whether the response that is written now has no body, whatever its headers say. */
  boolean answersHead() {
    return head.map(RequestHead::head).orElse(false);
  }

  private void readOrNot() {
    boolean full = upstreamFull || filtersFull || waiting.size() >= MAX_WAITING;
    channel.config().setAutoRead(!full);
  }

  @Override
  public void pauseRequest(boolean paused) {
    upstreamFull = paused;
    readOrNot();
  }

  @Override
  public void holdRequest(boolean held) {
    filtersFull = held;
    readOrNot();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    current.ifPresent(stream -> stream.pauseResponse(!channel.isWritable()));
  }

  // What the stream says.

  @Override
  public boolean closesAfterResponse() {
    return draining || discarding || requestOpen || !head.orElseThrow().keepAlive();
  }

  @Override
  public void responseEnded(boolean close) {
    responseOpen = false;
    worker.totals().answered();
    upstreamFull = false;
    filtersFull = false;
    // The stream has still to be logged before another may begin.
    channel.eventLoop().execute(() -> streamOver(close || draining));
  }

  @Override
  public void responseReset() {
    responseOpen = false;
    discarding = true;
    upstreamFull = false;
    filtersFull = false;
    worker.totals().brokenOff();
    channel.eventLoop().execute(() -> streamOver(true));
  }

  private void streamOver(boolean close) {
    current.ifPresent(GatewayStream::over);
    current = Optional.empty();
    if (close) {
      close();
      return;
    }
    readOrNot();
    while (!waiting.isEmpty() && takes(waiting.element())) {
      take(waiting.remove());
      readOrNot();
    }
  }

  /**
   * Closes when all is sent. A client that is still sending would make the system throw the answer
   * away, so that what it sends is read for a while.
   */
  private void close() {
    discarding = true;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    readOrNot();
    boolean stillSending = requestOpen;
    requestOpen = false;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (stillSending && written.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
                channel
                    .eventLoop()
                    .schedule(() -> channel.close(), DELAYED_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
              } else {
                channel.close();
              }
            });
  }

  // Ends from outside.

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    worker.closed(this);
    if (current.isPresent() && responseOpen) {
      responseOpen = false;
      worker.totals().aborted();
      current.get().over();
      current.get().stream().clientLeft();
    }
    current = Optional.empty();
    discarding = true;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  /** Nothing has come or gone for as long as a stream may be without progress. */
  void streamIdle() {
    if (current.isPresent() && responseOpen) {
      current.get().stream().timeout(StreamTimeout.STREAM_IDLE);
    }
  }

  /** Nothing has come or gone for as long as a connection without a stream is kept. */
  void connectionIdle() {
    if (current.isEmpty()) {
      channel.close();
    }
  }

  /** No further request is taken; the running one may end. */
  void drain() {
    draining = true;
    if (current.isEmpty()) {
      close();
    }
  }

  /** The running stream is broken off, as by Envoy when it goes. */
  void cut() {
    if (current.isPresent() && responseOpen) {
      responseOpen = false;
      worker.totals().brokenOff();
      current.get().over();
      current.get().stream()
          .clientGone(
              ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION.bit(), "downstream_local_disconnect");
    }
    channel.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      worker.report(cause);
    }
    context.close();
  }
}
