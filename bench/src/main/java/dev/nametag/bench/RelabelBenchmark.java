package dev.nametag.bench;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.Relabeler;
import dev.nametag.relabel.generate.RuleGenerator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One series through the generated rules of the default schema, in our engine, against no rules.
 *
 * <p>The series take turns among {@value #SERIES}, so that no regex can answer from its memory of
 * the last series, and each profile gets the names that it writes itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RelabelBenchmark {
  /** A power of two. */
  static final int SERIES = 64;

  /** Whose series it is. */
  @Param public Caller caller;

  private Relabeler noRules;
  private Relabeler chargebackRules;
  private Relabeler losslessRules;
  private Labels[] chargebackSeries;
  private Labels[] losslessSeries;
  private int next;

  /** Generates the rules and the names. */
  @Setup
  public void prepare() {
    Schema lossless = Schema.defaults();
    Schema chargeback = Schema.parse("{\"naming\": \"chargeback\"}");
    noRules = RelabelRules.of().relabeler();
    chargebackRules = RuleGenerator.toRules(RuleGenerator.generate(chargeback)).relabeler();
    losslessRules = RuleGenerator.toRules(RuleGenerator.generate(lossless)).relabeler();
    chargebackSeries = series(chargeback);
    losslessSeries = series(lossless);
  }

  /** Hands the labels on as they are. */
  @Benchmark
  public Optional<Labels> noRules() {
    return noRules.apply(losslessSeries[next++ & (SERIES - 1)]);
  }

  /** Runs the rules of the profile {@code chargeback}, which decode nothing. */
  @Benchmark
  public Optional<Labels> chargeback() {
    return chargebackRules.apply(chargebackSeries[next++ & (SERIES - 1)]);
  }

  /** Runs the rules of the profile {@code lossless}, which decode every label. */
  @Benchmark
  public Optional<Labels> lossless() {
    return losslessRules.apply(losslessSeries[next++ & (SERIES - 1)]);
  }

  private Labels[] series(Schema schema) {
    var metric = schema.metrics().get(0);
    Labels[] series = new Labels[SERIES];
    for (int i = 0; i < SERIES; i++) {
      String name = schema.codec().encode(metric, caller.labelValues(i));
      series[i] = Labels.of("__name__", name, "instance", "10.0.0.1:15090", "job", "envoy");
    }
    return series;
  }
}
