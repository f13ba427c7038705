package dev.nametag.plugin.javahost;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.Parser;
import dev.nametag.fixtures.HostRequests;
import dev.nametag.plugin.NametagModule;
import io.roastedroot.proxywasm.StartException;
import io.roastedroot.proxywasm.internal.HttpContext;
import io.roastedroot.proxywasm.internal.ProxyWasm;
import org.junit.jupiter.api.Test;

/** The requests that the simulated Envoy plays too; the expected counts are the same file. */
class JavaHostTest {

  @Test
  void anotherHostCountsWhatEveryHostMustCount() throws StartException {
    HostRequests played = HostRequests.read();
    Plugin plugin = new Plugin(played.configuration());
    try (ProxyWasm vm =
        ProxyWasm.builder().withPluginHandler(plugin).build(Parser.parse(NametagModule.bytes()))) {

      for (HostRequests.Request request : played.requests()) {
        play(vm, new PlayedStream(plugin, request));
      }
    }

    assertThat(plugin.metrics()).isEqualTo(played.counts());
    // This host has no shared data.
    assertThat(plugin.log())
        .containsExactly(
            "WARN label sets are not shared with other workers, the budget is for each of them:"
                + " proxy_get_shared_data returned UNIMPLEMENTED");
  }

  /** This host calls proxy_on_done, proxy_on_log and proxy_on_delete when a stream is closed. */
  private static void play(ProxyWasm vm, PlayedStream stream) {
    HttpContext context = vm.createHttpContext(stream);
    context.callOnRequestHeaders(true);
    context.callOnResponseHeaders(true);
    context.close();
  }
}
