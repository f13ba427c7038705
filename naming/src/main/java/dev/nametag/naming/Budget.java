package dev.nametag.naming;

/**
 * Bounds on what callers can make the proxy remember.
 *
 * @param series how many label sets get names of their own, from 1
 * @param valueBytes how many bytes of a value are written, from 16
 */
public record Budget(int series, int valueBytes) {
  /** What holds when the configuration says nothing. */
  public static final Budget DEFAULT = new Budget(10_000, 128);
}
