package dev.nametag.bench;

import dev.nametag.naming.LabelValue;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;
import dev.nametag.naming.Schema;
import java.util.List;
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
 * One label set written as a name, against pasting the same texts together. The filter does this
 * once per new label set, not per request.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBenchmark {
  /** Whose name is written. */
  @Param public Caller caller;

  private Metric metric;
  private NameCodec lossless;
  private NameCodec chargeback;
  private String user;
  private String group;
  private String namespace;
  private List<LabelValue> values;

  /** Prepares the same caller for every benchmark. */
  @Setup
  public void prepare() {
    metric = Schema.defaults().metrics().get(0);
    lossless = Schema.defaults().codec();
    chargeback = Schema.parse("{\"naming\": \"chargeback\"}").codec();
    user = caller.user();
    group = caller.group();
    namespace = Caller.NAMESPACE;
    values = caller.labelValues();
  }

  /** Pastes the texts together; such a name is not one that Envoy would keep. */
  @Benchmark
  public String concatenation() {
    return metric.name() + "__user__" + user + "__group__" + group + "__namespace__" + namespace;
  }

  /** Writes the name of the profile {@code chargeback}. */
  @Benchmark
  public String chargeback() {
    return chargeback.encode(metric, values);
  }

  /** Writes the name of the profile {@code lossless}. */
  @Benchmark
  public String lossless() {
    return lossless.encode(metric, values);
  }
}
