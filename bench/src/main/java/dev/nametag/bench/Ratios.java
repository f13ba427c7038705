package dev.nametag.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks and prints what each costs as a ratio to the one it is held against. */
public final class Ratios {
  private static final String USAGE =
      """
      usage: java -jar bench.jar [--quick]
        --quick  one short run of each: shows that they run, not what they cost
      """;

  /** The methods of each benchmark; the last is held against those before it. */
  private static final Map<Class<?>, List<String>> BENCHMARKS = new LinkedHashMap<>();

  static {
    BENCHMARKS.put(EncodeBenchmark.class, List.of("concatenation", "chargeback", "lossless"));
    BENCHMARKS.put(RelabelBenchmark.class, List.of("noRules", "chargeback", "lossless"));
    BENCHMARKS.put(MapBenchmark.class, List.of("hashMap", "memoryMap"));
  }

  private Ratios() {}

  /** Runs everything; exits with 2 if the arguments are wrong. */
  public static void main(String[] args) throws RunnerException {
    boolean quick = args.length == 1 && args[0].equals("--quick");
    if (args.length > 0 && !quick) {
      boolean help = args.length == 1 && args[0].equals("--help");
      (help ? System.out : System.err).print(USAGE);
      System.exit(help ? 0 : 2);
    }
    run(quick, System.out);
  }

  private static void run(boolean quick, PrintStream out) throws RunnerException {
    out.println(machine());
    for (Map.Entry<Class<?>, List<String>> entry : BENCHMARKS.entrySet()) {
      ChainedOptionsBuilder options =
          new OptionsBuilder()
              .include(entry.getKey().getName())
              .verbosity(VerboseMode.SILENT)
              .forks(quick ? 1 : 2)
              .warmupIterations(quick ? 1 : 3)
              .warmupTime(TimeValue.milliseconds(quick ? 100 : 500))
              .measurementIterations(quick ? 1 : 5)
              .measurementTime(TimeValue.milliseconds(quick ? 100 : 500));
      out.println();
      out.print(table(entry.getKey(), entry.getValue(), new Runner(options.build()).run()));
      out.flush();
    }
  }

  private static String machine() {
    return String.format(
        "%s %s, %s, %d processors",
        System.getProperty("java.vm.name"),
        System.getProperty("java.runtime.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
  }

  private static String table(Class<?> type, List<String> methods, Collection<RunResult> results) {
    Map<String, Map<String, Result<?>>> byCaller = new LinkedHashMap<>();
    for (RunResult result : results) {
      byCaller
          .computeIfAbsent(result.getParams().getParam("caller"), caller -> new LinkedHashMap<>())
          .put(result.getPrimaryResult().getLabel(), result.getPrimaryResult());
    }
    StringBuilder table = new StringBuilder();
    row(
        table,
        List.of(
            type.getSimpleName(),
            "caller",
            "ns",
            "± ns",
            "/ " + methods.get(0),
            "/ " + methods.get(1)));
    byCaller.forEach(
        (caller, measured) -> {
          for (String method : methods) {
            Result<?> result = measured.get(method);
            double nanos = result.getScore();
            row(
                table,
                List.of(
                    method,
                    caller.toLowerCase(Locale.ROOT),
                    number(nanos),
                    number(result.getScoreError()),
                    number(nanos / measured.get(methods.get(0)).getScore()),
                    number(nanos / measured.get(methods.get(1)).getScore())));
          }
        });
    return table.toString();
  }

  private static void row(StringBuilder table, List<String> cells) {
    table.append(String.format("%-18s%-8s%10s%10s%17s%14s%n", cells.toArray()));
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
