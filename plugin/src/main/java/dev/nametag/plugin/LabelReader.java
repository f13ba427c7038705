package dev.nametag.plugin;

import dev.nametag.abi.Dispatcher;
import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;

/**
 * One label's value in the current stream, read at most once.
 *
 * <p>A value that cannot be read is absent: the request is counted nevertheless. The first time is
 * logged, not every time, since the cause can come with every request.
 */
final class LabelReader {
  private final Hostcalls host;
  private final String name;
  private final ValueSource source;
  private final HostBytes value = new HostBytes();
  private boolean read;
  private boolean present;
  private boolean failedBefore;

  LabelReader(Hostcalls host, String name, ValueSource source) {
    this.host = host;
    this.name = name;
    this.source = source;
  }

  void forget() {
    read = false;
  }

  boolean isPresent() {
    if (!read) {
      present = false;
      read = true;
      try {
        present = source.read(value);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
    return present;
  }

  /** Returns the value if there is one, until the callback returns. */
  HostBytes value() {
    return value;
  }

  private void failed(RuntimeException e) {
    if (!failedBefore) {
      failedBefore = true;
      host.log(
          LogLevel.WARN,
          "label "
              + name
              + " could not be read and counts as absent, further times are not logged: "
              + Dispatcher.describe(e));
    }
  }
}
