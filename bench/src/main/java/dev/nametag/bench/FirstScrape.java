package dev.nametag.bench;

import com.sun.net.httpserver.HttpServer;
import dev.nametag.fixtures.RealPrometheus;
import dev.nametag.naming.LabelValue;
import dev.nametag.naming.Metric;
import dev.nametag.naming.NameCodec;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.generate.PrometheusTarget;
import dev.nametag.relabel.yaml.YamlReader;
import dev.nametag.relabel.yaml.YamlWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rules cost a real Prometheus: the first scrape of a page of new series, which is when it
 * runs them (it keeps the result per series), and a later scrape.
 *
 * <p>Half of the callers have plain names, half have names with two to eleven escapes; beside them
 * stand as many series that are not ours. Three kinds take turns, each in a Prometheus of its own:
 * no rules, the rules of the chargeback demo on its names, ours on ours.
 */
public final class FirstScrape {
  private static final int USAGE_STATUS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String USAGE =
      """
      usage: java -cp bench.jar dev.nametag.bench.FirstScrape [SERIES [RUNS]]
        SERIES  new series of ours, and as many foreign ones (100000)
        RUNS    of each kind, taking turns (5)
      """;

  private FirstScrape() {}

  /** Runs and prints a table; exits with 2 if the arguments are wrong. */
  public static void main(String[] args) throws IOException {
    int series = 100_000;
    int runs = 5;
    try {
      series = args.length > 0 ? Integer.parseInt(args[0]) : series;
      runs = args.length > 1 ? Integer.parseInt(args[1]) : runs;
    } catch (NumberFormatException e) {
      System.err.print(USAGE);
      System.exit(USAGE_STATUS);
    }
    Map<String, double[][]> measured = new LinkedHashMap<>();
    for (int run = 0; run < runs; run++) {
      for (Kind kind : Kind.values()) {
        double[] result = scrape(kind, series);
        double[][] all = measured.computeIfAbsent(kind.text, text -> new double[3][0]);
        for (int i = 0; i < result.length; i++) {
          all[i] = Arrays.copyOf(all[i], all[i].length + 1);
          all[i][run] = result[i];
        }
        System.err.printf(
            "run %d of %d: %s %s%n", run + 1, runs, kind.text, Arrays.toString(result));
      }
    }
    print(measured);
    // RealPrometheus leaves no threads behind, the HTTP client of the JDK may.
    System.exit(0);
  }

  private enum Kind {
    NONE("no rules", Profile.LOSSLESS),
    CHARGEBACK("chargeback", Profile.CHARGEBACK),
    LOSSLESS("lossless", Profile.LOSSLESS);

    private final String text;
    private final Profile profile;

    Kind(String text, Profile profile) {
      this.text = text;
      this.profile = profile;
    }
  }

  /** Returns seconds of the first scrape, CPU seconds until it was over, seconds of a later one. */
  private static double[] scrape(Kind kind, int series) throws IOException {
    Schema schema = Schema.parse(JsonWriter.write(Map.of("naming", kind.profile.text())));
    byte[] page = page(schema, series);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/stats/prometheus",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    try (RealPrometheus prometheus =
        RealPrometheus.start(config(kind, schema, server.getAddress().getPort()))) {
      double cpuBefore = cpuSeconds(prometheus);
      String first =
          prometheus.await(
              "max_over_time(scrape_duration_seconds[1h])",
              answer -> value(answer) != null,
              PATIENCE);
      double cpu = cpuSeconds(prometheus) - cpuBefore;
      String count =
          prometheus.query(
              "count({__name__=~\"(authorized|limited)_calls_with_user_and_group.*\"})");
      if (kind == Kind.LOSSLESS && value(count) != series) {
        throw new IllegalStateException(value(count) + " series instead of " + series);
      }
      String later =
          prometheus.await(
              "scrape_duration_seconds and on() (count_over_time(scrape_duration_seconds[1h]) > 2)",
              answer -> value(answer) != null,
              PATIENCE);
      return new double[] {value(first), cpu, value(later)};
    } finally {
      server.stop(0);
    }
  }

  private static String config(Kind kind, Schema schema, int port) {
    String yaml =
        new PrometheusTarget("bench", List.of("127.0.0.1:" + port), Map.of(), "10s").yaml(schema);
    Map<?, ?> config = (Map<?, ?>) YamlReader.read("generated", yaml).get(0);
    Map<Object, Object> job =
        new LinkedHashMap<>((Map<?, ?>) ((List<?>) config.get("scrape_configs")).get(0));
    if (kind == Kind.NONE) {
      job.remove("metric_relabel_configs");
    }
    return YamlWriter.write(Map.of("scrape_configs", List.of(job)));
  }

  private static byte[] page(Schema schema, int series) {
    StringBuilder page = new StringBuilder();
    NameCodec codec = schema.codec();
    for (int i = 0; i < series; i++) {
      Metric metric = schema.metrics().get(i % 2);
      List<LabelValue> values =
          List.of(LabelValue.of(user(i)), LabelValue.of("premium"), LabelValue.of("llm-d"));
      String name = codec.encode(metric, values);
      page.append("# TYPE ").append(name).append(" counter\n");
      page.append(name).append("{} ").append(i + 1).append('\n');
    }
    page.append("# TYPE istio_requests_total counter\n");
    for (int i = 0; i < series; i++) {
      page.append("istio_requests_total{reporter=\"source\",source_workload=\"w").append(i % 1000);
      page.append("\",destination_service=\"svc-").append(i);
      page.append(".ns.svc.cluster.local\",response_code=\"200\"} ").append(i + 1).append('\n');
    }
    return page.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String user(int i) {
    return switch (i % 6) {
      case 3 -> "user." + i + "@example.com";
      case 4 -> "system:serviceaccount:team-" + i % 50 + ":app-" + i;
      case 5 -> "spiffe://cluster.local/ns/team" + i % 50 + "/sa/app" + i;
      default -> "user" + i;
    };
  }

  private static double cpuSeconds(RealPrometheus prometheus) {
    return prometheus
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("process_cpu_seconds_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the value of the only series of an answer, {@code null} if it has none. */
  private static Double value(String answer) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) JsonReader.read(answer)).get("data");
    List<?> result = (List<?>) data.get("result");
    if (result.isEmpty()) {
      return null;
    }
    List<?> value = (List<?>) ((Map<?, ?>) result.get(0)).get("value");
    return Double.valueOf((String) value.get(1));
  }

  private static void print(Map<String, double[][]> measured) {
    List<String> titles = List.of("first scrape, s", "CPU until then, s", "later scrape, s");
    double[] reference = new double[titles.size()];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = median(measured.get(Kind.CHARGEBACK.text)[i]);
    }
    System.out.printf("%-12s", "rules");
    titles.forEach(title -> System.out.printf("  %-34s", title));
    System.out.println();
    measured.forEach(
        (kind, columns) -> {
          List<String> cells = new ArrayList<>();
          for (int i = 0; i < columns.length; i++) {
            double median = median(columns[i]);
            double[] sorted = columns[i].clone();
            Arrays.sort(sorted);
            cells.add(
                String.format(
                    "%.2f (%.2f to %.2f), ratio %.2f",
                    median, sorted[0], sorted[sorted.length - 1], median / reference[i]));
          }
          System.out.printf("%-12s", kind);
          cells.forEach(cell -> System.out.printf("  %-34s", cell));
          System.out.println();
        });
    System.out.println("median (minimum to maximum), ratio of medians to chargeback's");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
