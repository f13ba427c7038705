package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.HeaderMapType;
import dev.nametag.hostsim.hostcall.LocalResponse;
import dev.nametag.hostsim.hostcall.StreamType;
import dev.nametag.hostsim.hostcall.WasmResult;
import dev.nametag.hostsim.release.EnvoyVersion;
import dev.nametag.hostsim.vm.Callback;
import dev.nametag.hostsim.vm.PluginRoot;
import dev.nametag.hostsim.vm.WasmVm;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A module in one stream: which callback runs when, and what its hostcalls do to the stream.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, Context::decodeHeaders to
 * Context::onDestroy, Context::sendLocalResponse, continueStream and closeStream;
 * proxy-wasm-cpp-host src/context.cc, CHECK_FAIL.
 */
final class WasmFilter implements Link {

  /** Statuses from 0 to this one are of gRPC. */
  private static final int MAXIMUM_GRPC_STATUS = 16;

  private final PluginRoot root;
  private final WasmVm vm;
  private final boolean failOpen;
  private final ActiveStream stream;
  private final StreamContext context;

  private FilterGate request;
  private FilterGate response;
  private boolean created;
  private boolean failed;
  private boolean answered;
  private boolean answerAsked;
  private boolean calling;

  /** Whether the callback that is running lets nothing pass, whatever it answers. */
  private boolean stops;

  /** What is to be done once the callback that is running has returned: each but once. */
  private final Set<Due> due = EnumSet.noneOf(Due.class);

  private enum Due {
    ANSWER,
    RESUME_REQUEST,
    RESUME_RESPONSE,
    CLOSE,
    LOOK_AT_REQUEST_BODY,
    LOOK_AT_RESPONSE_BODY
  }

  WasmFilter(Admission.Run admission, ActiveStream stream) {
    this.root = admission.root();
    this.vm = root.vm();
    this.failOpen = admission.failOpen();
    this.stream = stream;
    this.context = new StreamContext(vm.newContextId(), root.plugin(), stream, this);
    vm.add(context);
  }

  PluginRoot root() {
    return root;
  }

  WasmVm vm() {
    return vm;
  }

  @Override
  public void placed(FilterGate requestGate, FilterGate responseGate) {
    request = requestGate;
    response = responseGate;
  }

  /** Whether the module has been shown these headers or trailers and has not let them pass. */
  boolean holds(HeaderMapType type) {
    return switch (type) {
      case REQUEST_HEADERS -> request.holdsHeaders();
      case REQUEST_TRAILERS -> request.holdsTrailers();
      case RESPONSE_HEADERS -> response.holdsHeaders();
      case RESPONSE_TRAILERS -> response.holdsTrailers();
      default -> false;
    };
  }

  @Override
  public long requestHeaders(boolean endOfStream) {
    create();
    return call(
        HeaderMapType.REQUEST_HEADERS,
        () ->
            vm.callWithHeaders(
                context, Callback.ON_REQUEST_HEADERS, stream.requestHeaders().size(), endOfStream));
  }

  /** The module is told how much there is, and can read nothing of it. */
  @Override
  public void requestMetadata(int elements) {
    call(null, () -> vm.callWithNumber(context, Callback.ON_REQUEST_METADATA, elements));
  }

  @Override
  public long requestBody(int size, boolean endOfStream) {
    return call(null, () -> vm.callWithBody(context, Callback.ON_REQUEST_BODY, size, endOfStream));
  }

  @Override
  public long requestTrailers(HeaderMap trailers) {
    return call(
        HeaderMapType.REQUEST_TRAILERS,
        () -> vm.callWithNumber(context, Callback.ON_REQUEST_TRAILERS, trailers.size()));
  }

  @Override
  public long responseHeaders(HeaderMap headers, boolean endOfStream) {
    return callBack(
        HeaderMapType.RESPONSE_HEADERS,
        () ->
            vm.callWithHeaders(context, Callback.ON_RESPONSE_HEADERS, headers.size(), endOfStream));
  }

  @Override
  public void responseMetadata(int elements) {
    callBack(null, () -> vm.callWithNumber(context, Callback.ON_RESPONSE_METADATA, elements));
  }

  @Override
  public long responseBody(int size, boolean endOfStream) {
    return callBack(
        null, () -> vm.callWithBody(context, Callback.ON_RESPONSE_BODY, size, endOfStream));
  }

  @Override
  public long responseTrailers(HeaderMap trailers) {
    return callBack(
        HeaderMapType.RESPONSE_TRAILERS,
        () -> vm.callWithNumber(context, Callback.ON_RESPONSE_TRAILERS, trailers.size()));
  }

  /** The stream has ended: a module that has not met it so far meets it here. */
  void log() {
    create();
    context.enter(StreamContext.Phase.ACCESS_LOG);
    vm.call(context, Callback.ON_LOG);
  }

  /** All filters have logged the stream. */
  void destroy() {
    context.enter(StreamContext.Phase.DONE);
    vm.call(context, Callback.ON_DONE);
    vm.call(context, Callback.ON_DELETE);
    vm.remove(context);
  }

  private void create() {
    if (!created) {
      created = true;
      vm.createContext(context);
    }
  }

  /** On the way back, a stream that the module does not know passes it over. */
  private long callBack(HeaderMapType visible, Call callback) {
    return created ? call(visible, callback) : FilterGate.CONTINUE;
  }

  private interface Call {
    long make();
  }

  /**
   * Makes a callback and looks at what has become of the VM: a stream that meets a failed VM is
   * answered with 503 whatever the policy says; only with the old fail_open, it goes on.
   */
  private long call(HeaderMapType visible, Call callback) {
    long status = 0;
    if (!vm.failed()) {
      context.show(visible);
      status = callOnce(callback);
      context.show(null);
    }
    if (vm.failed() && !failed) {
      failed = true;
      if (!answered && !failOpen) {
        answered = true;
        stream.answer(
            new LocalAnswer(
                503, 0, "wasm_fail_stream", List.of(), ByteString.EMPTY, OptionalInt.of(14)));
      }
    }
    return status;
  }

  /** What is done after the call can lead to another one, within this. */
  private long callOnce(Call callback) {
    boolean outerCalling = calling;
    boolean outerStops = stops;
    calling = true;
    stops = false;
    try {
      long status = callback.make();
      return stops ? FilterGate.STOP_ALL_AND_WATERMARK : status;
    } finally {
      calling = outerCalling;
      stops = outerStops;
    }
  }

  /** Whether the VM has failed in a callback of the stream, which answers before anything else. */
  private boolean failsWithCall() {
    return failed || (calling && vm.failed() && !failOpen);
  }

  /**
   * From 1.33 on, a module can answer again: in place of what it has answered, past the filters;
   * before, that is refused, and what the callback lets pass is held for ever all the same.
   *
   * <p>Source: Envoy's pull requests 23049 and 36809, and issue 28826; proxy-wasm-cpp-host
   * src/exports.cc, send_local_response.
   */
  WasmResult sendLocalResponse(LocalResponse response) {
    if (answerAsked && !root.plugin().release().atLeast(EnvoyVersion.V1_33)) {
      stops = true;
      return WasmResult.BAD_ARGUMENT;
    }
    answerAsked = true;
    String details = response.details().toString().replaceAll("[\\t\\n\\x0B\\f\\r ]", "_");
    int status = response.grpcStatus();
    LocalAnswer answer =
        new LocalAnswer(
            response.code(),
            0,
            details,
            response.headers(),
            response.body(),
            status >= 0 && status <= MAXIMUM_GRPC_STATUS
                ? OptionalInt.of(status)
                : OptionalInt.empty());
    afterCall(
        Due.ANSWER,
        () -> {
          if (!failsWithCall()) {
            answered = true;
            stream.guarded(() -> stream.answer(answer));
          }
        });
    return WasmResult.OK;
  }

  WasmResult continueStream(StreamType type) {
    switch (type) {
      case HTTP_REQUEST -> afterCall(Due.RESUME_REQUEST, () -> stream.guarded(request::resume));
      case HTTP_RESPONSE -> afterCall(Due.RESUME_RESPONSE, () -> stream.guarded(response::resume));
      // Connections of network filters, of which this is none.
      case DOWNSTREAM, UPSTREAM -> {}
    }
    return WasmResult.OK;
  }

  WasmResult closeStream(StreamType type) {
    switch (type) {
      case HTTP_REQUEST, HTTP_RESPONSE ->
          afterCall(Due.CLOSE, () -> stream.breakOff("wasm_close_stream"));
      // As above.
      case DOWNSTREAM, UPSTREAM -> {}
    }
    return WasmResult.OK;
  }

  Optional<ByteQueue> body(BufferType type) {
    return switch (type) {
      case HTTP_REQUEST_BODY -> body(request, Due.LOOK_AT_REQUEST_BODY);
      case HTTP_RESPONSE_BODY -> body(response, Due.LOOK_AT_RESPONSE_BODY);
      default -> Optional.empty();
    };
  }

  private Optional<ByteQueue> body(FilterGate gate, Due look) {
    afterCall(look, () -> stream.guarded(gate::bodyChanged));
    return gate.body();
  }

  private void afterCall(Due what, Runnable action) {
    if (due.add(what)) {
      vm.afterCall(
          () -> {
            due.remove(what);
            action.run();
          });
    }
  }
}
