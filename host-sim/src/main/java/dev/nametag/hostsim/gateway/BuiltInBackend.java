package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import java.util.List;
import java.util.function.BiFunction;

/** An upstream that is built in: makes a call of each request. */
final class BuiltInBackend implements Backend {

  private final BiFunction<UpstreamEvents, List<Header>, BuiltInCall> calls;

  BuiltInBackend(BiFunction<UpstreamEvents, List<Header>, BuiltInCall> calls) {
    this.calls = calls;
  }

  @Override
  public Call begin(UpstreamEvents attempt, List<Header> headers, boolean endOfStream, Flow flow) {
    BuiltInCall call = calls.apply(attempt, headers);
    if (endOfStream) {
      call.answer();
    }
    return call;
  }
}
