package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.Downstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Writes one response to a connection. Source: Envoy source/common/http/http1/codec_impl.cc,
 * StreamEncoderImpl::encodeHeadersBase, for how a response is framed.
 */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
final class ResponseWriter implements Downstream {

  private final Channel channel;
  private final RequestHead request;
  private final Owner owner;

  private boolean close;

  /** The connection that the response goes to. */
  interface Owner {

    /** Whether the connection is to be closed after a response that begins now. */
    boolean closesAfterResponse();

    /** The response is written. */
    void responseEnded(boolean close);

    /** The response will not be finished. */
    void responseReset();

    /** Filters take no more of the request for now, or again. */
    void holdRequest(boolean held);
  }

  ResponseWriter(Channel channel, RequestHead request, Owner owner) {
    this.channel = channel;
    this.request = request;
    this.owner = owner;
  }

  @Override
  public void informational(List<Header> headers) {
    if (request.http10()) {
      return;
    }
    HttpResponseStatus status = Messages.response(headers).status();
    DefaultFullHttpResponse interim =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    Messages.copy(headers, interim.headers());
    channel.writeAndFlush(interim);
  }

  @Override
  public void headers(List<Header> list, boolean endOfStream) {
    HttpResponse response = Messages.response(list);
    if (request.http10()) {
      response.setProtocolVersion(HttpVersion.HTTP_1_0);
    }
    int status = response.status().code();
    boolean bodyless = request.head() || status == 204 || status == 304;
    close = owner.closesAfterResponse();
    if (!response.headers().contains("content-length") && !bodyless) {
      if (endOfStream) {
        response.headers().set("content-length", "0");
      } else if (request.http10()) {
        close = true;
      } else {
        response.headers().set("transfer-encoding", "chunked");
      }
    }
    if (close) {
      response.headers().set("connection", "close");
    } else if (request.http10()) {
      response.headers().set("connection", "keep-alive");
    }
    channel.write(response);
    if (endOfStream) {
      end(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      channel.flush();
    }
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    if (endOfStream) {
      end(
          chunk.isEmpty()
              ? LastHttpContent.EMPTY_LAST_CONTENT
              : new DefaultLastHttpContent(Messages.buffer(chunk)));
    } else if (!chunk.isEmpty()) {
      channel.writeAndFlush(new DefaultHttpContent(Messages.buffer(chunk)));
    }
  }

  @Override
  public void trailers(List<Header> trailers) {
    DefaultLastHttpContent last = Messages.end();
    Messages.copy(trailers, last.trailingHeaders());
    end(last);
  }

  private void end(LastHttpContent last) {
    channel.writeAndFlush(last);
    owner.responseEnded(close);
  }

  @Override
  public void reset() {
    owner.responseReset();
  }

  @Override
  public void pauseRequest(boolean paused) {
    owner.holdRequest(paused);
  }
}
