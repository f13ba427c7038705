package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;

/** Reads one value of the stream that has just ended. */
interface ValueSource {

  /**
   * Reads the value.
   *
   * @param value shows it afterwards, until the callback returns; unspecified if there is none
   * @return whether there is one; an empty one is one
   */
  boolean read(HostBytes value);
}
