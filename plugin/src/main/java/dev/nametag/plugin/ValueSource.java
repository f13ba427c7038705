package dev.nametag.plugin;

import dev.nametag.abi.memory.HeapFree;

/** Reads one value of the stream that has just ended. */
abstract class ValueSource {
  /** There is no value. */
  static final int NONE = 0;

  /** There is one, possibly an empty one. */
  static final int FOUND = 1;

  /** It has to be read in Java, see {@link ReadInJava}; then the source is to be asked again. */
  static final int IN_JAVA = 2;

  /** The host does not give it; {@link Window#failure} says why. */
  static final int FAILED = 3;

  /**
   * Reads the value.
   *
   * @param value shows it afterwards; unspecified if there is none
   * @return one of the numbers above
   */
  @HeapFree
  abstract int read(Window value);
}
