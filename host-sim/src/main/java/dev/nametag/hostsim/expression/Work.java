package dev.nametag.hostsim.expression;

/**
 * How much one evaluation may still do. The rounds of all loops are cel-cpp's: runtime_options.h,
 * comprehension_max_iterations. The rest is ours: about 64 MiB may be read or written, where a step
 * or an element counts 16 bytes and a look into what a context knows 1 KiB; and when the callback's
 * deadline is over, nothing more.
 */
final class Work {

  private static final long MOST_BYTES = 64 << 20;

  private static final int MOST_ROUNDS = 10_000;
  private static final int STEP = 16;
  private static final int LOOK = 1 << 10;

  private long left = MOST_BYTES;
  private int rounds;

  /** Counts one step, or one element of a list or map. */
  void step() {
    bytes(STEP);
  }

  /** Counts one look into what a context knows, which may have to search. */
  void look() {
    bytes(LOOK);
  }

  /** Counts so many elements. */
  void elements(long count) {
    bytes(count * STEP);
  }

  /** Counts so many bytes. */
  void bytes(long count) {
    left -= count;
    if (left < 0 || Thread.currentThread().isInterrupted()) {
      throw new AbortedException("the expression does more than may be done");
    }
  }

  /** Counts one round of a loop. */
  void round() {
    rounds++;
    if (rounds > MOST_ROUNDS) {
      throw new AbortedException("Iteration budget exceeded");
    }
  }
}
