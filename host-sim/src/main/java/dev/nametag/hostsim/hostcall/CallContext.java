package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;

/** A context as the hostcalls made in it see it: the VM's own, a root's or a stream's. */
public interface CallContext {

  /** The number by which the module knows the context; 0 is the VM's own. */
  int id();

  /** What the context's plugin does beyond one callback. */
  RootActions root();

  /** What Envoy puts between {@code wasm log} and the colon. */
  String logPrefix();

  /** The value that a property path begins with. */
  Optional<PropertyValue> property(ByteString firstSegment);

  /** Stores filter state under that key for the rest of the stream. */
  WasmResult setFilterState(ByteString key, PropertyValue value);

  /** The header map, when it can be changed in the phase that the stream is in. */
  Optional<HeaderMap> writableHeaders(HeaderMapType type);

  /** The header map, when it can at least be read in the phase that the stream is in. */
  Optional<HeaderMap> readableHeaders(HeaderMapType type);

  /** Whether the stream is in {@code proxy_on_log}. */
  boolean inAccessLog();

  /** The buffer, when it is there; a body that can be changed is {@link #body}. */
  Optional<ByteString> buffer(BufferType type);

  /** The body that the module can read and change now. */
  default Optional<ByteQueue> body(BufferType type) {
    return Optional.empty();
  }

  /**
   * Answers the stream once the callback has returned; a root context has nothing to answer.
   *
   * @return BAD_ARGUMENT when the module or its host has answered before
   */
  default WasmResult sendLocalResponse(LocalResponse response) {
    return WasmResult.OK;
  }

  /** Lets a stream that the module holds go on once the callback has returned. */
  default WasmResult continueStream(StreamType type) {
    return WasmResult.OK;
  }

  /** Breaks the stream off once the callback has returned. */
  default WasmResult closeStream(StreamType type) {
    return WasmResult.OK;
  }
}
