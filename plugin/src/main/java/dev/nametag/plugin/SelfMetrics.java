package dev.nametag.plugin;

import dev.nametag.abi.Dispatcher;
import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.MetricType;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;

/**
 * The filter's metrics about itself. They are there from the start, whatever the configuration. A
 * host that does not take one of them goes without.
 *
 * <p>All VMs of a proxy share them, as they share every metric. So counters and the number of
 * series are only ever added to, by the VM to which something happened; what is set is the same in
 * all VMs.
 */
final class SelfMetrics {
  /** The gauge that is 1 while a wrong configuration is in place. */
  static final String CONFIG_REJECTED = "nametag_config_rejected";

  /** The gauge of label sets that have names of their own. */
  static final String SERIES = "nametag_series";

  /** The counter of streams that were counted among the others in at least one metric. */
  static final String OVER_BUDGET = "nametag_series_over_budget_total";

  /** The counter of streams of which a label was needed and had no value. */
  static final String IDENTITY_MISSING = "nametag_identity_missing_total";

  /** The counter of streams in which the host or the filter failed, and of failed starts. */
  static final String ERRORS = "nametag_errors_total";

  /** The gauge that is always 1; behind it stands the version, as lossless writes it. */
  static final String BUILD_INFO = "nametag_build_info__version__";

  private static final int UNDEFINED = -1;
  private static final int LOGGED_FAILURES = 10;

  private final Hostcalls host;
  private final RawHostcalls raw;
  private final int configRejected;
  private final int series;
  private final int overBudget;
  private final int identityMissing;
  private final int errors;
  private int logsLeft = LOGGED_FAILURES;

  SelfMetrics(Hostcalls host, RawHostcalls raw) {
    this.host = host;
    this.raw = raw;
    errors = define(MetricType.COUNTER, ERRORS);
    configRejected = define(MetricType.GAUGE, CONFIG_REJECTED);
    series = define(MetricType.GAUGE, SERIES);
    overBudget = define(MetricType.COUNTER, OVER_BUDGET);
    identityMissing = define(MetricType.COUNTER, IDENTITY_MISSING);
    set(define(MetricType.GAUGE, BUILD_INFO + Build.nameOfVersion()), 1);
  }

  private int define(MetricType type, String name) {
    try {
      return host.defineMetric(type, name);
    } catch (HostcallException e) {
      host.log(LogLevel.ERROR, name + ": " + e.getMessage());
      return UNDEFINED;
    }
  }

  private void set(int gauge, long value) {
    if (gauge != UNDEFINED) {
      // There is nothing one could do about a failure.
      int ignored = raw.recordMetric(gauge, value);
    }
  }

  void configurationRejected(boolean rejected) {
    set(configRejected, rejected ? 1 : 0);
  }

  /** A label set got a name of its own. */
  void addSeries() {
    add(series);
  }

  /** Something failed when no stream was counted. */
  void addError() {
    add(errors);
  }

  /** Counts what happened in a stream, each kind once. */
  @HeapFree
  void count(int marks) {
    if ((marks & Stream.IDENTITY_MISSING) != 0) {
      add(identityMissing);
    }
    if ((marks & Stream.OVER_BUDGET) != 0) {
      add(overBudget);
    }
    if ((marks & Stream.FAILED) != 0) {
      add(errors);
    }
  }

  @HeapFree
  private void add(int metric) {
    if (metric != UNDEFINED) {
      int ignored = raw.incrementMetric(metric, 1);
    }
  }

  /** Logs a failure, if not many have been logged: what causes it can come with every request. */
  void log(String failure) {
    if (logsLeft > 0) {
      logsLeft--;
      host.log(
          LogLevel.ERROR, failure + (logsLeft == 0 ? "; further failures are only counted" : ""));
    }
  }

  /** Does the same for what failed with an exception; nothing fails again if memory is full. */
  void log(String what, Throwable failure) {
    if (logsLeft > 0) {
      String hint = logsLeft == 1 ? "; further failures are only counted" : "";
      logsLeft--;
      Dispatcher.log(host, LogLevel.ERROR, what, failure, hint);
    }
  }
}
