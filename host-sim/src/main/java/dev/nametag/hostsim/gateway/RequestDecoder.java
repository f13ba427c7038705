package dev.nametag.hostsim.gateway;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's decoder with Envoy's limits, which refuses what two servers could read differently. */
final class RequestDecoder extends HttpRequestDecoder {

  /** Envoy's default for {@code max_request_headers_kb}. */
  static final int MAX_HEADER_BYTES = 60 * 1024;

  /** A message says both how long it is and that it is chunked. */
  static final class AmbiguousLengthException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    AmbiguousLengthException() {
      super("both content-length and transfer-encoding");
    }
  }

  RequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(64 * 1024)
            .setAllowDuplicateContentLengths(false));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new AmbiguousLengthException();
  }
}
