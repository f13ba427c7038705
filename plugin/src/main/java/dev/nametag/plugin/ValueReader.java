package dev.nametag.plugin;

import dev.nametag.abi.Dispatcher;
import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;

/**
 * One value of the current stream, a label's or what a metric measures, read at most once.
 *
 * <p>A value that cannot be read is absent: the request is counted nevertheless. The first time is
 * logged, not every time, since the cause can come with every request.
 */
final class ValueReader {
  private final Hostcalls host;
  private final String what;
  private final ValueSource source;
  private final HostBytes value = new HostBytes();
  private boolean read;
  private boolean present;
  private boolean failedBefore;

  ValueReader(Hostcalls host, String what, ValueSource source) {
    this.host = host;
    this.what = what;
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
          what
              + " could not be read and counts as absent, further times are not logged: "
              + Dispatcher.describe(e));
    }
  }
}
