package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What calls of a plugin have brought back, there to be read while the callback about it runs.
 *
 * <p>Source: Envoy source/extensions/common/wasm/context.cc, which keeps it in the root context.
 */
public final class CallResults {

  private final Map<HeaderMapType, HeaderMap> headers = new EnumMap<>(HeaderMapType.class);
  private final Map<BufferType, ByteString> buffers = new EnumMap<>(BufferType.class);

  private int status;
  private ByteString message = ByteString.EMPTY;

  /** Shows headers until {@link #clear}. */
  public void show(HeaderMapType type, List<Header> map) {
    headers.put(type, new HeaderMap(map));
  }

  /** Shows a buffer until {@link #clear}. */
  public void show(BufferType type, ByteString buffer) {
    buffers.put(type, buffer);
  }

  /** Shows a status; its number stays until the next one, its message until {@link #clear}. */
  public void show(int newStatus, ByteString newMessage) {
    status = newStatus;
    message = newMessage;
  }

  /** Hides everything but the number of the last status. */
  public void clear() {
    headers.clear();
    buffers.clear();
    message = ByteString.EMPTY;
  }

  Optional<HeaderMap> headers(HeaderMapType type) {
    return Optional.ofNullable(headers.get(type));
  }

  Optional<ByteString> buffer(BufferType type) {
    Optional<ByteString> shown = Optional.ofNullable(buffers.get(type));
    // This one is always there, if only as nothing.
    return type == BufferType.CALL_DATA ? shown.or(() -> Optional.of(ByteString.EMPTY)) : shown;
  }

  int status() {
    return status;
  }

  ByteString message() {
    return message;
  }
}
