package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import dev.nametag.hostsim.stream.UpstreamFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.function.Consumer;

/** A connection to a server: gives what comes over it to the call that it serves. */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamConnection extends SimpleChannelInboundHandler<HttpObject> {

  private final Consumer<Channel> keep;

  private ServerCall call;
  private boolean interim;
  private boolean ended;
  private boolean keepAlive;

  UpstreamConnection(Consumer<Channel> keep) {
    this.keep = keep;
  }

  boolean servesHead() {
    return call != null && call.isHead();
  }

  boolean servesConnect() {
    return call != null && call.isConnect();
  }

  void serve(ServerCall next) {
    call = next;
    interim = false;
    ended = false;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (call == null) {
      context.close();
      return;
    }
    if (message.decoderResult().isFailure()) {
      fail(context, UpstreamFailure.PROTOCOL_ERROR);
      return;
    }
    UpstreamEvents attempt = call.attempt();
    if (message instanceof HttpResponse response) {
      int status = response.status().code();
      if (status == 101) {
        fail(context, UpstreamFailure.PROTOCOL_ERROR);
        return;
      }
      List<Header> headers = Messages.responseHeaders(response);
      interim = status < 200;
      if (interim) {
        attempt.informational(headers);
      } else {
        keepAlive = HttpUtil.isKeepAlive(response);
        ended =
            call.isHead()
                || status == 204
                || status == 304
                || HttpUtil.getContentLength(response, -1L) == 0;
        attempt.headers(headers, ended);
      }
    }
    if (message instanceof HttpContent content && call != null) {
      content(context, content);
    }
  }

  private void content(ChannelHandlerContext context, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (interim) {
      return;
    }
    UpstreamEvents attempt = call.attempt();
    if (last) {
      finish(context);
    }
    if (ended) {
      return;
    }
    if (last && !((LastHttpContent) content).trailingHeaders().isEmpty()) {
      if (content.content().isReadable()) {
        attempt.body(Messages.bytes(content.content()), false);
      }
      attempt.trailers(Messages.headers(((LastHttpContent) content).trailingHeaders()));
    } else if (last || content.content().isReadable()) {
      attempt.body(Messages.bytes(content.content()), last);
    }
  }

  /** The response is whole: the connection is free, if both sides are through with it. */
  private void finish(ChannelHandlerContext context) {
    boolean free = keepAlive && call.requestSent();
    call.done();
    call = null;
    context.channel().config().setAutoRead(true);
    if (free) {
      keep.accept(context.channel());
    } else {
      context.close();
    }
  }

  private void fail(ChannelHandlerContext context, UpstreamFailure failure) {
    ServerCall failed = call;
    call = null;
    if (failed != null) {
      failed.done();
      failed.attempt().reset(failure);
    }
    context.close();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (call != null) {
      call.writable(context.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, UpstreamFailure.CONNECTION_TERMINATION);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context, UpstreamFailure.CONNECTION_TERMINATION);
  }
}
