package dev.nametag.hostsim.hostcall;

import java.util.Optional;

/** How much a log line matters, the least first. */
public enum LogLevel {
  TRACE(0),
  DEBUG(1),
  INFO(2),
  WARN(3),
  ERROR(4),
  CRITICAL(5);

  private final int number;

  LogLevel(int number) {
    this.number = number;
  }

  /** The number in the ABI. */
  public int number() {
    return number;
  }

  /** The constant of that number in the ABI. */
  public static Optional<LogLevel> of(int number) {
    for (LogLevel candidate : values()) {
      if (candidate.number == number) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
