package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.fixtures.HostRequests;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The requests that another Proxy-Wasm host plays too, in the simulated Envoy. */
class HostRequestsTest {

  @Test
  void theSimulatedEnvoyCountsWhatEveryHostMustCount() {
    HostRequests played = HostRequests.read();

    FilterRuns.Counted counted =
        new FilterInWasmTest()
            .run(
                played.configuration(),
                Map.of(),
                Map.of(),
                played.requests().stream().map(HostRequestsTest::stream).toList());

    assertThat(counted.metrics()).isEqualTo(played.counts());
  }

  private static StreamScenario stream(HostRequests.Request request) {
    StreamScenario.Builder stream = StreamScenario.builder().ending(ending(request));
    request.userid().ifPresent(id -> stream.filterState("wasm.kuadrant.auth.identity.userid", id));
    request.groups().ifPresent(g -> stream.filterState("wasm.kuadrant.auth.identity.groups", g));
    return stream.build();
  }

  private static StreamEnding ending(HostRequests.Request request) {
    if (request.viaUpstream()) {
      return StreamEnding.upstream(request.code());
    }
    return request.code() == 0
        ? new StreamEnding.ClientLeft()
        : new StreamEnding.LocalReply(
            StreamEnding.Position.AFTER_OURS,
            request.code(),
            request.flags(),
            request.details(),
            List.of());
  }
}
