package dev.nametag.hostsim;

import dev.nametag.hostsim.admin.AdminEndpoints;
import dev.nametag.hostsim.admin.AdminResponse;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.Optional;

/** A client of the admin interface; everything happens in its event loop. */
@SuppressWarnings("FutureReturnValueIgnored")
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

  private final AdminEndpoints endpoints;
  private boolean resting;

  AdminConnection(AdminEndpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** Cuts the client off if nothing moves, unless all that it asked for has been answered. */
  ChannelHandler stallGuard() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext channel, Object part) {
        resting = false;
        channel.fireChannelRead(part);
      }

      @Override
      public void userEventTriggered(ChannelHandlerContext channel, Object event) {
        if (event instanceof IdleStateEvent && !resting) {
          channel.close();
        } else {
          channel.fireUserEventTriggered(event);
        }
      }
    };
  }

  @Override
  protected void channelRead0(ChannelHandlerContext channel, FullHttpRequest request) {
    boolean broken = request.decoderResult().isFailure();
    AdminResponse answer = broken ? AdminEndpoints.badRequest() : answer(request);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.code()),
            Unpooled.wrappedBuffer(answer.body().toByteArray()));
    AdminEndpoints.HEADERS.forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    HttpUtil.setContentLength(response, response.content().readableBytes());
    boolean keepAlive = !broken && HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keepAlive);
    channel
        .writeAndFlush(response)
        .addListener(keepAlive ? written -> resting = true : ChannelFutureListener.CLOSE);
  }

  private AdminResponse answer(FullHttpRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    return endpoints.get(
        query < 0 ? uri : uri.substring(0, query),
        query < 0 ? Optional.empty() : Optional.of(uri.substring(query + 1)),
        request.headers().getAll(HttpHeaderNames.ACCEPT));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    channel.close();
  }
}
