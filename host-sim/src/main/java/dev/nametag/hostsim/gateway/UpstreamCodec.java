package dev.nametag.hostsim.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Bytes and messages of a connection to a server, on which one call follows the other. */
final class UpstreamCodec {

  /** Envoy's limit for the headers of a response: MAX_RESPONSE_HEADERS_KB. */
  private static final int MAX_HEADER_BYTES = 80 * 1024;

  private UpstreamCodec() {}

  static void addTo(ChannelPipeline pipeline, UpstreamConnection connection) {
    pipeline.addLast(new Responses(connection)).addLast(new Requests());
  }

  /** Writes targets byte by byte as streams have them, where Netty's would make UTF-8 of them. */
  private static final class Requests extends HttpRequestEncoder {
    @Override
    protected void encodeInitialLine(ByteBuf out, HttpRequest request) {
      String line = request.method().name() + " " + request.uri() + " HTTP/1.1\r\n";
      out.writeCharSequence(line, ISO_8859_1);
    }
  }

  /** Knows which response has no body although its headers speak of one. */
  private static final class Responses extends HttpResponseDecoder {

    private final UpstreamConnection connection;

    Responses(UpstreamConnection connection) {
      super(new HttpDecoderConfig().setMaxHeaderSize(MAX_HEADER_BYTES).setMaxChunkSize(64 * 1024));
      this.connection = connection;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
      boolean success = ((HttpResponse) message).status().code() / 100 == 2;
      return connection.servesHead()
          || (connection.servesConnect() && success)
          || super.isContentAlwaysEmpty(message);
    }
  }
}
