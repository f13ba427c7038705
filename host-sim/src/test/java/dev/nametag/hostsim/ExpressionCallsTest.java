package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.vm.FailurePolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The tokens of expressions, and the contexts that they belong to.
 *
 * <p>Expected results: Envoy source/extensions/common/wasm/foreign.cc, ExpressionFactory and those
 * that extend it; test/extensions/filters/http/wasm/test_data/test_cpp.cc.
 */
class ExpressionCallsTest {

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int BAD_ARGUMENT = 2;
  private static final int INTERNAL_FAILURE = 10;

  private static long gauge(SimulatedEnvoy envoy, String name) {
    return envoy.stats().gauge("wasmcustom." + name).orElse(-1);
  }

  private static StreamScenario scenario() {
    return StreamScenario.builder().build();
  }

  private static SimulatedEnvoy inLog(String code) {
    SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(Wat.guest("(func (export \"proxy_on_log\") (param i32)\n" + code + ")"))
            .start();
    envoy.run(scenario());
    return envoy;
  }

  private static String call(String gauge, String function, String argument) {
    return """
        (call $report «%s» (call $proxy_call_foreign_function «%s» %s
          (i32.const 16) (i32.const 20)))
        """
        .formatted(gauge, function, argument);
  }

  @Test
  void tokensCountFromNoughtAndAreNotUsedTwice() {
    try (SimulatedEnvoy envoy =
        inLog(
            call("first", "expr_create", "«1»")
                + "(call $report «first token» (i32.load (i32.load (i32.const 16))))"
                + "(call $report «first size» (i32.load (i32.const 20)))"
                + call("no expression", "expr_create", "«/ /»")
                + "(call $report «no pointer» (i32.load (i32.const 16)))"
                + "(call $report «no size» (i32.load (i32.const 20)))"
                + call("second", "expr_create", "«2»")
                + "(call $report «second token» (i32.load (i32.load (i32.const 16))))"
                // This is compiled, unlike the one before, and takes a token.
                + call("no function", "expr_create", "«nothing(1)»")
                + call("delete", "expr_delete", "«\\01\\00\\00\\00»")
                + call("fourth", "expr_create", "«4»")
                + "(call $report «fourth token» (i32.load (i32.load (i32.const 16))))"
                + call("deleted", "expr_evaluate", "«\\01\\00\\00\\00»")
                + call("refused", "expr_evaluate", "«\\02\\00\\00\\00»")
                + call("kept", "expr_evaluate", "«\\00\\00\\00\\00»")
                + "(call $report «value» (i32.load (i32.load (i32.const 16))))")) {
      assertThat(gauge(envoy, "first")).isEqualTo(OK);
      assertThat(gauge(envoy, "first token")).isZero();
      assertThat(gauge(envoy, "first size")).isEqualTo(4);
      assertThat(gauge(envoy, "no expression")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "no pointer")).isZero();
      assertThat(gauge(envoy, "no size")).isZero();
      assertThat(gauge(envoy, "second")).isEqualTo(OK);
      assertThat(gauge(envoy, "second token")).isEqualTo(1);
      assertThat(gauge(envoy, "no function")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "delete")).isEqualTo(OK);
      assertThat(gauge(envoy, "fourth")).isEqualTo(OK);
      assertThat(gauge(envoy, "fourth token")).isEqualTo(3);
      assertThat(gauge(envoy, "deleted")).isEqualTo(NOT_FOUND);
      assertThat(gauge(envoy, "refused")).isEqualTo(NOT_FOUND);
      assertThat(gauge(envoy, "kept")).isEqualTo(OK);
      assertThat(gauge(envoy, "value")).isEqualTo(1);
    }
  }

  @Test
  void tokensAreFourBytes() {
    try (SimulatedEnvoy envoy =
        inLog(
            call("create", "expr_create", "«1»")
                + call("evaluate none", "expr_evaluate", "(i32.const 0) (i32.const 0)")
                + call("evaluate three", "expr_evaluate", "«\\00\\00\\00»")
                + call("evaluate eight", "expr_evaluate", "«\\00\\00\\00\\00\\00\\00\\00\\00»")
                + call("evaluate unknown", "expr_evaluate", "«\\ff\\ff\\ff\\ff»")
                + call("delete none", "expr_delete", "(i32.const 0) (i32.const 0)")
                + call("delete five", "expr_delete", "«\\00\\00\\00\\00\\00»")
                + call("delete unknown", "expr_delete", "«\\ff\\ff\\ff\\ff»"))) {
      assertThat(gauge(envoy, "create")).isEqualTo(OK);
      assertThat(gauge(envoy, "evaluate none")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "evaluate three")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "evaluate eight")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "evaluate unknown")).isEqualTo(NOT_FOUND);
      assertThat(gauge(envoy, "delete none")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "delete five")).isEqualTo(BAD_ARGUMENT);
      assertThat(gauge(envoy, "delete unknown")).isEqualTo(OK);
    }
  }

  /** The root context keeps them: what one stream makes, the next one has, and the root itself. */
  @Test
  void streamsShareTheExpressionsOfTheirRoot() {
    byte[] module =
        Wat.guest(
            "(func (export \"proxy_on_request_headers\") (param i32 i32 i32) (result i32)"
                + call("before", "expr_evaluate", "«\\00\\00\\00\\00»")
                + call("create", "expr_create", "«plugin_name»")
                + "(i32.const 0))"
                + "(func (export \"proxy_on_done\") (param i32) (result i32)"
                + call("done", "expr_evaluate", "«\\00\\00\\00\\00»")
                + "(i32.const 1))");
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(module).start()) {
      envoy.run(scenario());
      assertThat(gauge(envoy, "before")).isEqualTo(NOT_FOUND);
      assertThat(gauge(envoy, "create")).isEqualTo(OK);
      envoy.run(scenario());
      assertThat(gauge(envoy, "before")).isEqualTo(OK);
      assertThat(gauge(envoy, "done")).isEqualTo(OK);
    }
  }

  @Test
  void anotherPluginOfTheSameVmHasItsOwnExpressions() {
    byte[] module =
        Wat.guest(
            "(func (export \"proxy_on_configure\") (param i32 i32) (result i32)"
                + "(if (i32.eq (local.get 1) (i32.const 1)) (then "
                + call("create", "expr_create", "«1»")
                + "))(i32.const 1))"
                + "(func (export \"proxy_on_log\") (param i32)"
                + call("evaluate", "expr_evaluate", "«\\00\\00\\00\\00»")
                + ")");
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(module)
            .pluginName("a")
            .pluginConfiguration("1".getBytes(UTF_8))
            .anotherPlugin("b", "rb", "22".getBytes(UTF_8))
            .start()) {
      assertThat(gauge(envoy, "create")).isEqualTo(OK);
      envoy.plugin("b").run(scenario());
      assertThat(gauge(envoy, "evaluate")).isEqualTo(NOT_FOUND);
      envoy.plugin("a").run(scenario());
      assertThat(gauge(envoy, "evaluate")).isEqualTo(OK);
    }
  }

  /** A worker that has a new VM has none of the old one's expressions. */
  @Test
  void expressionsGoWithTheirVm() {
    byte[] module =
        Wat.guest(
            "(func (export \"proxy_on_log\") (param i32)"
                + call("before", "expr_evaluate", "«\\00\\00\\00\\00»")
                + call("create", "expr_create", "«1»")
                + call("after", "expr_evaluate", "«\\00\\00\\00\\00»")
                + "(unreachable))");
    try (SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(module)
            .failurePolicy(FailurePolicy.FAIL_RELOAD)
            .reloadBackoff(Duration.ZERO)
            .start()) {
      for (int i = 0; i < 2; i++) {
        envoy.run(scenario());
        assertThat(gauge(envoy, "before")).isEqualTo(NOT_FOUND);
        assertThat(gauge(envoy, "after")).isEqualTo(OK);
      }
      assertThat(gauge(envoy, "create")).isEqualTo(OK);
    }
  }

  @Test
  void theEffectiveContextIsNotAskedButTheCallbacksOwn() {
    try (SimulatedEnvoy envoy =
        inLog(
            call("create", "expr_create", "«request.method»")
                + "(call $report «effective» (call $proxy_set_effective_context (i32.const 1)))"
                + """
                (call $report «property» (call $proxy_get_property «request\\00method»
                  (i32.const 16) (i32.const 20)))
                """
                + call("evaluate", "expr_evaluate", "«\\00\\00\\00\\00»"))) {
      assertThat(gauge(envoy, "create")).isEqualTo(OK);
      assertThat(gauge(envoy, "effective")).isEqualTo(OK);
      assertThat(gauge(envoy, "property")).isEqualTo(NOT_FOUND);
      assertThat(gauge(envoy, "evaluate")).isEqualTo(OK);
    }
  }

  @Test
  void anExpressionSeesWhatIsThereInItsCallback() {
    String evaluate = "«\\00\\00\\00\\00»";
    byte[] module =
        Wat.guest(
            "(func (export \"proxy_on_configure\") (param i32 i32) (result i32)"
                + call("create", "expr_create", "«request.method»")
                + call("root", "expr_evaluate", evaluate)
                + call("create plugin", "expr_create", "«plugin_name + xds.node.id»")
                + call("root plugin", "expr_evaluate", "«\\01\\00\\00\\00»")
                + "(i32.const 1))"
                + "(func (export \"proxy_on_request_headers\") (param i32 i32 i32) (result i32)"
                + call("request", "expr_evaluate", evaluate)
                + "(i32.const 0))"
                + "(func (export \"proxy_on_response_headers\") (param i32 i32 i32) (result i32)"
                + call("response", "expr_evaluate", evaluate)
                + "(i32.const 0))"
                + "(func (export \"proxy_on_log\") (param i32)"
                + call("log", "expr_evaluate", evaluate)
                + ")");
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(module).start()) {
      envoy.run(scenario());

      assertThat(gauge(envoy, "root")).isEqualTo(INTERNAL_FAILURE);
      assertThat(gauge(envoy, "root plugin")).isEqualTo(OK);
      assertThat(gauge(envoy, "request")).isEqualTo(OK);
      // As the property: the headers of the request are gone when the filter has let them on.
      assertThat(gauge(envoy, "response")).isEqualTo(INTERNAL_FAILURE);
      assertThat(gauge(envoy, "log")).isEqualTo(OK);
    }
  }

  /** Source: expr/cel_state.h: bytes, unless ext/declare_property.proto says String, 1. */
  @Test
  void aPropertyThatIsSetIsBytesUnlessDeclaredAString() {
    byte[] module =
        Wat.guest(
            "(func (export \"proxy_on_configure\") (param i32 i32) (result i32)"
                + call("declare", "declare_property", "«\\0a\\01s\\18\\01»")
                + "(i32.const 1))"
                + "(func (export \"proxy_on_log\") (param i32)"
                + "(drop (call $proxy_set_property «s» «v»))"
                + "(drop (call $proxy_set_property «b» «v»))"
                + call("create", "expr_create", "«s == 'v' && b == b'v'»")
                + call("evaluate", "expr_evaluate", "«\\00\\00\\00\\00»")
                + "(call $report «value» (i32.load8_u (i32.load (i32.const 16)))))");
    try (SimulatedEnvoy envoy = SimulatedEnvoy.builder().module(module).start()) {
      envoy.run(scenario());
      assertThat(gauge(envoy, "declare")).isEqualTo(OK);
      assertThat(gauge(envoy, "evaluate")).isEqualTo(OK);
      assertThat(gauge(envoy, "value")).isEqualTo(1);
    }
  }

  @Test
  void whoDoesNotWantTheResultGetsNone() {
    try (SimulatedEnvoy envoy =
        inLog(
            """
            (call $report «create» (call $proxy_call_foreign_function «expr_create» «'a'»
              (i32.const 0) (i32.const 0)))
            (call $report «evaluate» (call $proxy_call_foreign_function «expr_evaluate»
              «\\00\\00\\00\\00» (i32.const 0) (i32.const 20)))
            (call $report «size» (i32.load (i32.const 20)))
            """)) {
      assertThat(gauge(envoy, "create")).isEqualTo(OK);
      assertThat(gauge(envoy, "evaluate")).isEqualTo(OK);
      assertThat(gauge(envoy, "size")).isEqualTo(1);
    }
  }
}
