package dev.nametag.hostsim.stream;

/**
 * How much of a body filters hold in one direction of a stream, all together: with more than the
 * limit, whoever sends is made to wait, or the stream is answered when the filter does not want
 * that.
 *
 * <p>Source: Envoy source/common/buffer/watermark_buffer.cc; source/common/http/filter_manager.cc,
 * requestDataTooLarge and responseDataTooLarge.
 */
final class BufferLimit {

  private final int limit;
  private final Consequence consequence;

  private long held;
  private boolean above;
  private boolean paused;

  /** What was held and is on its way to the next filter, which may hold it as it is. */
  private long passing;

  private boolean insidePass;

  /** What comes of too much. */
  interface Consequence {

    /** The sender is to wait, or may go on. */
    void pause(boolean paused);

    /** The stream is answered in place of what it waits for. */
    void refuse();
  }

  /**
   * Nothing is held so far.
   *
   * @param limit in bytes; 0 for none
   */
  BufferLimit(int limit, Consequence consequence) {
    this.limit = limit;
    this.consequence = consequence;
  }

  /**
   * A filter holds that much more, or less. Passing the limit counts once, until half of it is free
   * again.
   *
   * @param waiting whether the sender can be made to wait
   * @return whether this is too much and nobody waits: {@link #refuse} has to follow
   */
  boolean change(long bytes, boolean waiting) {
    long known = Math.min(passing, Math.max(bytes, 0));
    passing -= known;
    held += bytes - known;
    if (limit > 0 && held > limit && !above) {
      above = true;
      if (!waiting) {
        return true;
      }
      pause(true);
    }
    fallen();
    return false;
  }

  /** The stream is answered because of too much. */
  void refuse() {
    consequence.refuse();
  }

  /** Bytes that a filter held are given to the next; what that does not hold is held no more. */
  void pass(long bytes, Runnable next) {
    boolean outermost = !insidePass;
    insidePass = true;
    passing += bytes;
    next.run();
    if (outermost) {
      insidePass = false;
      held -= passing;
      passing = 0;
      fallen();
    }
  }

  private void fallen() {
    if (above && held <= limit / 2) {
      above = false;
      pause(false);
    }
  }

  private void pause(boolean wanted) {
    if (paused != wanted) {
      paused = wanted;
      consequence.pause(wanted);
    }
  }
}
