package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.Connection;
import dev.nametag.hostsim.stream.UpstreamEvents;
import dev.nametag.hostsim.stream.UpstreamHost;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request to a server, from the moment when a connection is asked for. */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
final class ServerCall implements Backend.Call {

  private static final int UNCONNECTED_BYTES = 64 * 1024;

  private final UpstreamEvents attempt;
  private final Backend.Flow flow;
  private final List<HttpObject> unsent = new ArrayList<>();
  private final boolean head;
  private final boolean connect;

  private long unsentBytes;
  private boolean requestSent;
  private boolean paused;
  private boolean over;
  private Channel channel;

  ServerCall(UpstreamEvents attempt, List<Header> headers, boolean endOfStream, Backend.Flow flow) {
    this.attempt = attempt;
    this.flow = flow;
    String method = Messages.first(headers, ":method");
    this.head = method.equals("HEAD");
    this.connect = method.equals("CONNECT");
    send(Messages.request(headers, endOfStream), endOfStream);
    if (endOfStream) {
      unsent.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }

  UpstreamEvents attempt() {
    return attempt;
  }

  boolean isHead() {
    return head;
  }

  boolean isConnect() {
    return connect;
  }

  boolean requestSent() {
    return requestSent;
  }

  /** The call goes over this connection. */
  void connected(Channel to) {
    if (over) {
      to.close();
      return;
    }
    channel = to;
    to.pipeline().get(UpstreamConnection.class).serve(this);
    attempt.connected(
        new UpstreamHost(
            Messages.address(to.remoteAddress()),
            Messages.address(to.localAddress()),
            Optional.<Connection.Tls>empty(),
            Map.of()));
    to.config().setAutoRead(!paused);
    unsent.forEach(to::write);
    unsent.clear();
    to.flush();
    flow.pauseRequest(!to.isWritable());
  }

  private void send(HttpObject message, boolean last) {
    requestSent |= last;
    if (channel == null) {
      unsent.add(message);
    } else {
      channel.writeAndFlush(message);
    }
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    var bytes = Messages.buffer(chunk);
    send(
        endOfStream ? new DefaultLastHttpContent(bytes) : new DefaultHttpContent(bytes),
        endOfStream);
    unsentBytes += chunk.size();
    boolean full = channel == null ? unsentBytes > UNCONNECTED_BYTES : !channel.isWritable();
    if (full && !endOfStream) {
      flow.pauseRequest(true);
    }
  }

  @Override
  public void trailers(List<Header> trailers) {
    DefaultLastHttpContent last = Messages.end();
    Messages.copy(trailers, last.trailingHeaders());
    send(last, true);
  }

  @Override
  public void pauseResponse(boolean wanted) {
    paused = wanted;
    if (channel != null && !over) {
      channel.config().setAutoRead(!paused);
    }
  }

  /** The connection takes more of the request, or no more. */
  void writable(boolean writable) {
    if (!over) {
      flow.pauseRequest(!writable);
    }
  }

  /** The response has come whole; the connection is not this call's any more. */
  void done() {
    if (!over) {
      over = true;
      flow.pauseRequest(false);
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      flow.pauseRequest(false);
      if (channel != null) {
        channel.close();
      }
    }
  }
}
