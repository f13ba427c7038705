package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.UpstreamEvents;
import dev.nametag.hostsim.stream.UpstreamFailure;
import dev.nametag.hostsim.stream.UpstreamHost;
import dev.nametag.hostsim.upstream.HttpUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The response to a module's call, which the module gets when it is whole.
 *
 * <p>Source: Envoy source/common/http/async_client_impl.cc, AsyncRequestSharedImpl.
 */
final class CalledResponse implements UpstreamEvents {

  /** As the default of Envoy's runtime key http.async_response_buffer_limit. */
  private static final int MAX_BODY = 32 << 20;

  private final CompletableFuture<HttpUpstream.Answer> answer;
  private final ByteQueue body = new ByteQueue();
  private Optional<List<Header>> headers = Optional.empty();
  private volatile boolean over;

  CalledResponse(CompletableFuture<HttpUpstream.Answer> answer) {
    this.answer = answer;
  }

  /** Whether upstream has said all it had to say. */
  boolean over() {
    return over;
  }

  @Override
  public void connected(UpstreamHost host) {}

  @Override
  public void informational(List<Header> interim) {}

  @Override
  public void headers(List<Header> all, boolean endOfStream) {
    headers = Optional.of(all);
    if (endOfStream) {
      end(List.of());
    }
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    if (body.size() + chunk.size() > MAX_BODY) {
      // Whoever began the call breaks it off when it has its answer before the end.
      answer.complete(new HttpUpstream.ResetInResponse(Duration.ZERO));
      return;
    }
    body.append(chunk);
    if (endOfStream) {
      end(List.of());
    }
  }

  @Override
  public void trailers(List<Header> trailers) {
    end(trailers);
  }

  private void end(List<Header> trailers) {
    over = true;
    answer.complete(
        new HttpUpstream.Response(
            Duration.ZERO, headers.orElseThrow(), body.toByteString(), trailers));
  }

  @Override
  public void reset(UpstreamFailure failure) {
    over = true;
    answer.complete(
        headers.isPresent() ? new HttpUpstream.ResetInResponse(Duration.ZERO) : reply(failure));
  }

  private static HttpUpstream.Response reply(UpstreamFailure failure) {
    LocalAnswer local = failure.answer(false, false, 0);
    return HttpUpstream.localReply(local.code(), local.body().toString());
  }
}
