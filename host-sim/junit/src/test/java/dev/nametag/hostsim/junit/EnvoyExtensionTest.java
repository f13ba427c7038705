package dev.nametag.hostsim.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.stream.ResponseFlag;
import dev.nametag.hostsim.testing.Code;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.ModuleBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test sees that fails, and what one test leaves for the next: nothing. */
class EnvoyExtensionTest {

  private static final ExtensionContext NONE = null;

  /** Counts each stream and logs it; says "no" to a configuration of one byte. */
  private final EnvoyExtension envoy =
      EnvoyExtension.module(
          new ModuleBuilder()
              .function(
                  "proxy_on_configure",
                  "i32 i32 -> i32",
                  code ->
                      code.call("proxy_define_metric", 0, "calls", Code.NUMBER)
                          .drop()
                          .log("ready")
                          .parameter(1)
                          .i32(1)
                          .notEqual())
              .function(
                  "proxy_on_log",
                  "i32 -> void",
                  code -> code.call("proxy_increment_metric", 4, 1L).drop())
              .build());

  private final EnvoyExtension trapping = EnvoyExtension.module(Guests.inLog(Code::trap).build());

  @AfterEach
  void freeTheModules() {
    envoy.afterAll(NONE);
    trapping.afterAll(NONE);
  }

  @Test
  void eachTestHasAFreshEnvoy() {
    for (int i = 0; i < 2; i++) {
      envoy.beforeEach(NONE);
      envoy.request().answered(200);
      envoy.assertThat().counter("calls").isOne();
      envoy.afterEach(NONE);
    }
  }

  @Test
  void aSettingInATestHoldsForThatTest() {
    envoy.beforeEach(NONE);
    envoy.configuration("x");
    envoy.assertThatStartFails().hasMessageEndingWith("proxy_on_configure returned false");
    envoy.afterEach(NONE);

    envoy.beforeEach(NONE);
    envoy.assertThat().logged().containsOnly("ready");
    envoy.afterEach(NONE);
  }

  @Test
  void aSettingThatComesTooLateIsRefused() {
    envoy.beforeEach(NONE);
    envoy.request().answered(200);

    assertThatThrownBy(() -> envoy.workers(2)).hasMessageContaining("Envoy runs");
    envoy.afterEach(NONE);
  }

  @Test
  void aTrapThatTheTestDoesNotAskForFailsIt() {
    trapping.beforeEach(NONE);
    trapping.request().answered(200).hasCode(200);

    assertThatThrownBy(() -> trapping.afterEach(NONE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the filter trapped")
        .hasMessageContaining("CRITICAL Function: proxy_on_log failed");
  }

  @Test
  void aTrapThatTheTestAsksForDoesNot() {
    trapping.beforeEach(NONE);
    trapping.request().answered(200).trapped("");
    trapping.request().answered(200).hasCode(503).didNotMeetTheFilter();

    assertThatCode(() -> trapping.afterEach(NONE)).doesNotThrowAnyException();
  }

  @Test
  void aFailureAboutAMetricShowsTheStats() {
    envoy.beforeEach(NONE);
    envoy.request().answered(200);

    assertThatThrownBy(() -> envoy.assertThat().counter("cals"))
        .hasMessageContaining("expected a counter cals")
        .hasMessageContaining("  wasmcustom.calls: 1");
    assertThatThrownBy(() -> envoy.assertThat().counter("calls").isZero())
        .hasMessageContaining("counter calls")
        .hasMessageContaining("  wasmcustom.calls: 1");
    assertThatThrownBy(() -> envoy.assertThat().hasNoMetric("calls"))
        .hasMessageContaining("  wasmcustom.calls: 1");
    assertThatThrownBy(() -> envoy.assertThat().hasLine("calls 1"))
        .hasMessageContaining("calls{} 1");
    envoy.afterEach(NONE);
  }

  @Test
  void aFailureAboutTheLogOrAStreamShowsTheLog() {
    envoy.beforeEach(NONE);

    assertThatThrownBy(() -> envoy.assertThat().hasLogged(LogLevel.INFO, "steady"))
        .hasMessageContaining("expected INFO steady logged")
        .hasMessageContaining("  INFO wasm log: ready");
    assertThatThrownBy(() -> envoy.assertThat().hasLoggedNothingFrom(LogLevel.INFO))
        .hasMessageContaining("  INFO wasm log: ready");
    assertThatThrownBy(() -> envoy.request().answered(204).hasCode(200))
        .hasMessageContaining("expected code 200, found code 204")
        .hasMessageContaining("  INFO wasm log: ready");
    assertThatThrownBy(() -> envoy.request().clientLeft().hasCode(200))
        .hasMessageContaining("found no response");
    assertThatThrownBy(() -> envoy.request().answered(200).hasFlag(ResponseFlag.RATE_LIMITED))
        .hasMessageContaining("expected flag RATE_LIMITED, found flags 0x0");
    assertThatThrownBy(() -> envoy.request().answered(200).trapped(""))
        .hasMessageContaining("found no trap");
    envoy.afterEach(NONE);
  }

  @Test
  void aModuleThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> EnvoyExtension.module(Path.of("no-such.wasm")))
        .hasMessageContaining("no module at /")
        .hasMessageEndingWith("no-such.wasm");
  }

  @Test
  void anExtensionThatIsNotRegisteredSaysSo() {
    assertThatThrownBy(envoy::request).hasMessageContaining("@RegisterExtension");
    assertThat(envoy.workers(2)).isSameAs(envoy);
  }
}
