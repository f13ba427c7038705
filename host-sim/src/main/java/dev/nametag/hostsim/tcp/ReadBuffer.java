package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.bytes.ByteQueue;
import dev.nametag.hostsim.bytes.ByteString;

/**
 * What has come from one side: in the socket, and read from it but not let pass. With more than the
 * limit nothing is read until half of it is free again.
 *
 * <p>Source: Envoy source/common/network/connection_impl.cc, onRead, onReadBufferHighWatermark and
 * readDisable; source/common/buffer/watermark_buffer.cc.
 */
final class ReadBuffer {

  /** Ours; Envoy has no such limit. */
  private static final int MOST_ADDED = 64 << 20;

  private final ByteQueue socket = new ByteQueue();
  private final ByteQueue buffer = new ByteQueue();
  private final int limit;

  private long arrived;
  private boolean endInSocket;
  private boolean ended;
  private boolean above;
  private boolean resumed;

  /**
   * Nothing has come.
   *
   * @param limit in bytes; 0 for none
   */
  ReadBuffer(int limit) {
    this.limit = limit;
  }

  void arrive(ByteString bytes, boolean end) {
    if (endInSocket) {
      throw new IllegalStateException("nothing can be sent after the end");
    }
    arrived += bytes.size();
    socket.append(bytes);
    endInSocket = end;
  }

  /** What was read and has not gone on. */
  ByteQueue bytes() {
    return buffer;
  }

  /**
   * Whether the module has made much more of what has come.
   *
   * @param passed how many bytes have gone on
   */
  boolean swollen(long passed) {
    return passed + buffer.size() > arrived + MOST_ADDED;
  }

  /** Whether the end was read. */
  boolean ended() {
    return ended;
  }

  /** Whether there is something to read and it may be read. */
  boolean readable() {
    if (above && buffer.size() <= limit / 2) {
      above = false;
      // What is still there is shown again, even if nothing has come since.
      resumed = !buffer.isEmpty();
    }
    return !above && (resumed || !socket.isEmpty() || (endInSocket && !ended));
  }

  void read() {
    resumed = false;
    ByteString come = socket.take();
    if (!come.isEmpty()) {
      buffer.append(come);
    }
    ended = endInSocket;
    above |= limit > 0 && buffer.size() > limit;
  }
}
