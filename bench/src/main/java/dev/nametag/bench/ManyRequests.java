package dev.nametag.bench;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.stream.StreamScript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Very many requests through the simulated Envoy: a thread for each worker, as a client for each.
 *
 * <p>Every tenth of the way, all threads stop, and the heap is measured after a full collection.
 * Ends with 1 when a counter is not exact, or when the heap has grown after the second tenth by
 * more than {@value #TOLERATED_GROWTH_MIB} MiB.
 */
public final class ManyRequests {

  private static final int USAGE_STATUS = 2;
  private static final int TENTHS = 10;
  private static final int CALLERS = 1000;
  private static final int LIMITED = 10;
  private static final int TOLERATED_GROWTH_MIB = 8;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MIB = 1 << 20;

  private static final String USAGE =
      """
      usage: java -cp bench.jar dev.nametag.bench.ManyRequests MODULE [REQUESTS [WORKERS]]
        MODULE    plugin/target/nametag.wasm
        REQUESTS  for each of two filters, a multiple of 100,000 (1000000)
        WORKERS   each with a VM and a client (4)
      """;

  private static final String CONFIGURATION =
      """
      {"labels": {"user": "auth.identity.userid"},
       "metrics": {"calls": {"count": "authorized", "labels": ["user"]},
                   "limited": {"count": "limited", "labels": ["user"]}}}
      """;

  private ManyRequests() {}

  /** Runs and prints; exits with 1 if a count is wrong or the heap grows, 2 if arguments are. */
  public static void main(String[] args) throws Exception {
    ByteString ours;
    int requests;
    int workers;
    try {
      ours = ByteString.of(Files.readAllBytes(Path.of(args[0])));
      requests = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
      workers = args.length > 2 ? Integer.parseInt(args[2]) : 4;
      if (requests % (TENTHS * CALLERS * LIMITED) != 0) {
        throw new IllegalArgumentException("not a multiple of 100,000: " + requests);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | IOException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(USAGE_STATUS);
      return;
    }
    System.out.println("JDK " + Runtime.version() + ", " + workers + " workers");
    boolean good =
        new Run("small filter", small(), "", requests, workers).isGood(expectSmall(requests));
    good &= new Run("nametag", ours, CONFIGURATION, requests, workers).isGood(expectOurs(requests));
    System.exit(good ? 0 : 1);
  }

  /** The module of small.wat. */
  static ByteString small() throws IOException {
    try (InputStream text = ManyRequests.class.getResourceAsStream("small.wat")) {
      return ByteString.of(Wat2Wasm.parse(new String(text.readAllBytes(), StandardCharsets.UTF_8)));
    }
  }

  private static Map<String, Long> expectSmall(int requests) {
    return Map.of("small_requests", (long) requests);
  }

  /** Every caller comes as often as all others; each tenth of what one sends is limited. */
  private static Map<String, Long> expectOurs(int requests) {
    Map<String, Long> counts = new TreeMap<>();
    long each = requests / CALLERS;
    for (int caller = 0; caller < CALLERS; caller++) {
      counts.put("limited__user__u" + caller, each / LIMITED);
      counts.put("calls__user__u" + caller, each - each / LIMITED);
    }
    return counts;
  }

  /** One filter's turn. */
  record Run(String name, ByteString module, String configuration, int requests, int workers) {

    boolean isGood(Map<String, Long> expected) throws InterruptedException, ExecutionException {
      List<StreamScript> scripts = scripts();
      ExecutorService clients = Executors.newFixedThreadPool(workers);
      try (SimulatedEnvoy envoy =
          SimulatedEnvoy.builder()
              .module(module.toByteArray())
              .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
              .workers(workers)
              .start()) {
        List<Double> heaps = new ArrayList<>();
        double seconds = 0;
        for (int tenth = 0; tenth < TENTHS; tenth++) {
          long start = System.nanoTime();
          part(envoy, clients, scripts, tenth);
          double took = (System.nanoTime() - start) / NANOS_PER_SECOND;
          seconds += took;
          heaps.add(heap());
          System.out.printf(
              Locale.ROOT,
              "%-12s %9d requests, %7.0f/s, heap %.1f MiB%n",
              name,
              requests / TENTHS * (tenth + 1),
              1.0 * requests / TENTHS / took,
              heaps.get(tenth));
        }
        System.out.printf(Locale.ROOT, "%-12s %.0f requests/s in all%n", name, requests / seconds);
        double growth = heaps.get(TENTHS - 1) - heaps.get(1);
        System.out.printf(Locale.ROOT, "%-12s heap grew by %.1f MiB since 20 %%%n", name, growth);
        boolean exact = isExact(envoy, expected);
        return exact && growth < TOLERATED_GROWTH_MIB;
      } finally {
        clients.shutdownNow();
      }
    }

    /** Client w sends, of this tenth, requests w, w + workers, and so on. */
    private void part(
        SimulatedEnvoy envoy, ExecutorService clients, List<StreamScript> scripts, int tenth)
        throws InterruptedException, ExecutionException {
      int size = requests / TENTHS;
      List<Future<?>> running = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        int mine = worker;
        running.add(
            clients.submit(
                () -> {
                  for (int i = tenth * size + mine; i < (tenth + 1) * size; i += workers) {
                    envoy.playOn(mine, scripts.get(i % scripts.size()));
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }

    private boolean isExact(SimulatedEnvoy envoy, Map<String, Long> expected) {
      long wrong =
          expected.entrySet().stream()
              .filter(
                  count ->
                      !envoy
                          .stats()
                          .counter("wasmcustom." + count.getKey())
                          .equals(OptionalLong.of(count.getValue())))
              .peek(count -> System.out.println("wrong: " + count.getKey()))
              .count();
      System.out.printf(
          Locale.ROOT,
          "%-12s %d of %d counters exact%n",
          name,
          expected.size() - wrong,
          expected.size());
      return wrong == 0;
    }

    private static double heap() {
      Runtime runtime = Runtime.getRuntime();
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      return (runtime.totalMemory() - runtime.freeMemory()) / MIB;
    }

    /** Ten rounds of all callers, the last of which is limited. */
    private static List<StreamScript> scripts() {
      List<StreamScript> scripts = new ArrayList<>();
      for (int round = 1; round <= LIMITED; round++) {
        StreamEnding ending =
            round == LIMITED
                ? StreamEnding.rateLimited(StreamEnding.Position.AFTER_OURS)
                : StreamEnding.upstream(200);
        for (int caller = 0; caller < CALLERS; caller++) {
          scripts.add(
              StreamScenario.builder()
                  .path("/v1/models")
                  .dynamicMetadata(
                      "envoy.filters.http.ext_authz",
                      Map.of("identity", Map.of("userid", "u" + caller)))
                  .ending(ending)
                  .build()
                  .script());
        }
      }
      return scripts;
    }
  }
}
