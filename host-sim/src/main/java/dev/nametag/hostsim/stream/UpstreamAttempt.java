package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One try at an upstream: here its answer comes in. What comes after the try was given up, or after
 * its end, is ignored. Any thread may call any method.
 */
public final class UpstreamAttempt implements UpstreamEvents {

  private final int number;
  private final Route.Cluster cluster;
  private final Consumer<Runnable> turn;
  private final Router router;

  UpstreamAttempt(int number, Route.Cluster cluster, Consumer<Runnable> turn, Router router) {
    this.number = number;
    this.cluster = cluster;
    this.turn = turn;
    this.router = router;
  }

  /** 1 for the first try. */
  public int number() {
    return number;
  }

  /** Where the request is to go. */
  public Route.Cluster cluster() {
    return cluster;
  }

  @Override
  public void connected(UpstreamHost host) {
    turn.accept(() -> router.connected(this, host));
  }

  @Override
  public void informational(List<Header> headers) {
    turn.accept(() -> router.informational(this, headers));
  }

  @Override
  public void headers(List<Header> headers, boolean endOfStream) {
    turn.accept(() -> router.responseHeaders(this, headers, endOfStream));
  }

  /** A frame of metadata, as upstream can send with HTTP/2 at any time before the end. */
  public void metadata(Map<String, String> elements) {
    turn.accept(() -> router.responseMetadata(this, elements));
  }

  @Override
  public void body(ByteString chunk, boolean endOfStream) {
    turn.accept(() -> router.responseBody(this, chunk, endOfStream));
  }

  @Override
  public void trailers(List<Header> trailers) {
    turn.accept(() -> router.responseTrailers(this, trailers));
  }

  @Override
  public void reset(UpstreamFailure failure) {
    turn.accept(() -> router.upstreamReset(this, failure));
  }
}
