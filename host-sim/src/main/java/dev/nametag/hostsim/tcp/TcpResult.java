package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has come of a connection so far.
 *
 * @param client what the client got
 * @param upstream what upstream got; none before Envoy has connected to it
 * @param closed who closed the client's connection; none while it is open
 * @param closeReason {@code wasm_downstream_close} or {@code wasm_upstream_close} if the module has
 *     closed it by {@code proxy_close_stream}; {@code more than 64 MiB added} if it has added that
 *     much to what came from one side, which is ours; else empty
 * @param flags bits of {@link dev.nametag.hostsim.stream.ResponseFlag}
 * @param filterRan whether the connection met the module
 * @param failure why the module's VM has failed
 */
public record TcpResult(
    Side client,
    Optional<Side> upstream,
    Optional<CloseType> closed,
    String closeReason,
    long flags,
    boolean filterRan,
    Optional<String> failure) {

  /**
   * What one side got.
   *
   * @param chunks as Envoy wrote them
   * @param ended whether Envoy has said that nothing more comes; closing is more than that
   */
  public record Side(List<ByteString> chunks, boolean ended) {

    /** Copies. */
    public Side {
      chunks = List.copyOf(chunks);
    }

    /** All bytes. */
    public ByteString bytes() {
      ByteQueue all = new ByteQueue();
      chunks.forEach(all::append);
      return all.take();
    }
  }

  /** Writes down what one side gets. */
  static final class Recorder {

    private final List<ByteString> chunks = new ArrayList<>();
    private long size;
    private boolean ended;

    void write(ByteString bytes, boolean end) {
      if (!bytes.isEmpty()) {
        chunks.add(bytes);
        size += bytes.size();
      }
      ended |= end;
    }

    long size() {
      return size;
    }

    boolean ended() {
      return ended;
    }

    Side side() {
      return new Side(chunks, ended);
    }
  }
}
