package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What a root context does for its plugin: all that goes on beyond one callback. What is asked in a
 * stream's context is asked of its root.
 */
public interface RootActions {

  /** The beginning of a call: its token, which is 0 unless the result is OK. */
  record Started(WasmResult result, int token) {

    /** A call that did not begin. */
    public static Started not(WasmResult result) {
      return new Started(result, 0);
    }
  }

  /** What calls of the plugin bring back: to be filled around the callbacks about them. */
  CallResults results();

  /** The id of the root context. */
  int rootId();

  /** The vm_id, by which VMs share. */
  String vmId();

  /** Calls {@code proxy_on_tick} each time that so many milliseconds have passed; 0 for never. */
  void setTickPeriod(int millis);

  /** The plugin is done: NOT_FOUND unless {@code proxy_on_done} had asked to wait for that. */
  WasmResult done();

  /** Tells the root, in its thread, that a queue has something. */
  IntConsumer queueReady();

  /** Begins an HTTP call. */
  Started httpCall(
      ByteString cluster,
      List<Header> headers,
      ByteString body,
      List<Header> trailers,
      int timeoutMillis);

  /** Begins a unary gRPC call. */
  Started grpcCall(GrpcTarget target, List<Header> metadata, ByteString message, int timeoutMillis);

  /** Begins a gRPC stream. */
  Started grpcStream(GrpcTarget target, List<Header> metadata);

  /** Sends on a gRPC stream. */
  WasmResult grpcSend(int token, ByteString message, boolean endOfStream);

  /** Says that nothing more is sent on a gRPC stream; cancels a call. */
  WasmResult grpcClose(int token);

  /** Gives a gRPC call or stream up. */
  WasmResult grpcCancel(int token);

  /** Looks a name up. */
  Started resolveDns(ByteString name);

  /** The expressions that the root and its streams have made. */
  Expressions expressions();

  /**
   * Where a gRPC call goes.
   *
   * @param service Envoy's description of it: a serialised GrpcService, or the name of a cluster
   * @param serviceName such as {@code envoy.service.auth.v3.Authorization}
   */
  record GrpcTarget(ByteString service, ByteString serviceName, ByteString method) {}
}
