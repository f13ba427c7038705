package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.engine.WasmTrapException;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.stream.StreamContext.Phase;
import dev.nametag.hostsim.vm.Callback;
import dev.nametag.hostsim.vm.WasmVm;
import dev.nametag.hostsim.vm.Worker;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One stream through the filter, callback by callback.
 *
 * <p>Source: Envoy source/common/http/conn_manager_impl.cc, doDeferredStreamDestroy, and
 * source/extensions/common/wasm/context.cc, Context::decodeHeaders to Context::log.
 */
public final class StreamRun {

  private static final int SERVICE_UNAVAILABLE = 503;
  private static final String FAIL_DETAILS = "wasm_fail_stream";

  /** The greatest status that lets a stream go on: ContinueAndEndStream counts as Continue. */
  private static final long STOP_ITERATION = 1;

  private static final long CONTINUE_AND_END_STREAM = 2;

  private final WasmVm vm;
  private final StreamScenario scenario;
  private final StreamContext context;

  private boolean answered;

  private StreamRun(WasmVm vm, StreamScenario scenario) {
    this.vm = vm;
    this.scenario = scenario;
    this.context = new StreamContext(vm.newContextId(), vm.plugin(), scenario);
  }

  /** Runs the scenario on the worker, once the streams before it are through. */
  public static StreamResult run(Worker worker, StreamScenario scenario) {
    return worker.with(
        admission -> {
          if (admission instanceof Admission.Run run) {
            return new StreamRun(run.vm(), scenario).run();
          }
          return withoutFilter(scenario, admission instanceof Admission.Refuse);
        });
  }

  private static StreamResult withoutFilter(StreamScenario scenario, boolean refuse) {
    if (refuse && !scenario.endsBeforeOurs()) {
      return new StreamResult(
          OptionalInt.of(SERVICE_UNAVAILABLE), 0, FAIL_DETAILS, false, true, Optional.empty());
    }
    return new StreamResult(
        scenario.code().map(OptionalInt::of).orElse(OptionalInt.empty()),
        scenario.flags(),
        scenario.details(),
        false,
        true,
        Optional.empty());
  }

  private StreamResult run() {
    vm.add(context);
    try {
      if (scenario.endsBeforeOurs()) {
        respond();
      } else if (letRequestPass()) {
        respond();
        letResponsePass();
      }
      logAndDelete();
    } finally {
      vm.remove(context);
    }
    return new StreamResult(
        answered ? context.code() : OptionalInt.empty(),
        context.flags(),
        context.details(),
        true,
        vm.failed(),
        vm.failure().map(WasmTrapException::getMessage));
  }

  /** Whether the request goes on to the filters behind ours. */
  private boolean letRequestPass() {
    vm.createContext(context);
    context.enter(Phase.REQUEST_HEADERS);
    long status =
        vm.callWithHeaders(
            context, Callback.ON_REQUEST_HEADERS, context.requestHeaders().size(), true);
    context.enter(Phase.BETWEEN);
    if (vm.failed()) {
      fail();
      return false;
    }
    if (stops(status)) {
      clientGivesUp();
      return false;
    }
    return true;
  }

  private void letResponsePass() {
    if (context.responseHeaders().isEmpty()) {
      return;
    }
    context.enter(Phase.RESPONSE_HEADERS);
    long status =
        vm.callWithHeaders(
            context, Callback.ON_RESPONSE_HEADERS, context.responseHeaders().get().size(), true);
    context.enter(Phase.BETWEEN);
    if (vm.failed()) {
      fail();
    } else if (stops(status)) {
      clientGivesUp();
    }
  }

  private static boolean stops(long status) {
    return status >= STOP_ITERATION && status != CONTINUE_AND_END_STREAM;
  }

  private void logAndDelete() {
    if (scenario.endsBeforeOurs()) {
      // The filter has not seen the stream so far: it meets it in the log.
      vm.createContext(context);
    }
    context.enter(Phase.ACCESS_LOG);
    vm.call(context, Callback.ON_LOG);
    context.enter(Phase.DONE);
    vm.call(context, Callback.ON_DONE);
    vm.call(context, Callback.ON_DELETE);
  }

  private void respond() {
    answered = scenario.code().isPresent();
    context.end(
        scenario.code().map(OptionalInt::of).orElse(OptionalInt.empty()),
        scenario.flags(),
        scenario.details(),
        scenario.responseHeaders().map(HeaderMap::new).stream().toList());
  }

  /**
   * The VM failed while it had the stream, which gets 503 whatever the policy says. Source:
   * proxy-wasm-cpp-host src/context.cc, CHECK_FAIL, which looks at the older fail_open only.
   */
  private void fail() {
    answered = true;
    context.end(
        OptionalInt.of(SERVICE_UNAVAILABLE),
        0,
        FAIL_DETAILS,
        List.of(
            new HeaderMap(List.of(Header.of(":status", Integer.toString(SERVICE_UNAVAILABLE))))));
  }

  /** The filter holds the stream, and nothing can make it go on. */
  private void clientGivesUp() {
    answered = false;
    context.end(
        context.code(),
        ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION.bit(),
        "downstream_remote_disconnect",
        List.of());
  }
}
