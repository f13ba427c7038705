package dev.nametag.hostsim;

import static dev.nametag.hostsim.testing.Code.NUMBER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Code;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected results: Envoy source/extensions/common/wasm/context.cc, defineMetric to getMetric. */
class MetricCallsTest {

  private static final int COUNTER = 0;
  private static final int GAUGE = 1;
  private static final int HISTOGRAM = 2;

  private static final int OK = 0;
  private static final int NOT_FOUND = 1;
  private static final int BAD_ARGUMENT = 2;
  private static final int INVALID_MEMORY_ACCESS = 6;

  /** WasmCommonTest.Stats in Envoy test/extensions/common/wasm/wasm_test.cc. */
  @ParameterizedTest
  @MethodSource("dev.nametag.hostsim.testing.Engines#all")
  void envoysOwnSequenceGivesEnvoysResults(EngineKind engine) {
    Guest guest = new Guest();
    guest.code(
        code -> {
          // Ids 4, 9 and 6: the reports define gauges, too, the first of which is 5.
          code.call("proxy_define_metric", COUNTER, "c", NUMBER).report("define c");
          code.load(NUMBER).report("id c");
          code.call("proxy_define_metric", HISTOGRAM, "h", NUMBER).report("define h");
          code.load(NUMBER).report("id h");
          code.call("proxy_define_metric", 9999, "x", NUMBER).report("define 9999");
          code.call("proxy_increment_metric", 4, 1L).report("increment c");
          code.call("proxy_increment_metric", 6, 1L).report("increment h");
          code.call("proxy_record_metric", 6, 3L).report("record h");
          for (int type = 0; type < 4; type++) {
            int id = (1 << 10) + type;
            code.call("proxy_get_metric", id, NUMBER).report("get unknown " + type);
            code.call("proxy_record_metric", id, 1L).report("record unknown " + type);
            code.call("proxy_increment_metric", id, 1L).report("increment unknown " + type);
          }
          code.call("proxy_get_metric", 4, NUMBER).report("get c");
          code.loadLong(NUMBER).reportLong("c first");
          code.call("proxy_increment_metric", 4, 1L).drop();
          code.call("proxy_get_metric", 4, NUMBER).drop().loadLong(NUMBER).reportLong("c second");
          code.call("proxy_record_metric", 4, 3L).report("record c");
          code.call("proxy_get_metric", 4, NUMBER).drop().loadLong(NUMBER).reportLong("c third");
          code.call("proxy_get_metric", 6, NUMBER).report("get h");
          code.call("proxy_increment_metric", 4, -1L).report("increment c by -1");
          code.call("proxy_increment_metric", 4, 0L).report("increment c by 0");
          code.call("proxy_increment_metric", 8, -1L).report("increment unknown c by -1");
        });

    Map<String, Long> results = guest.run(engine);

    Map<String, Long> expected = new LinkedHashMap<>();
    expected.put("define c", (long) OK);
    expected.put("id c", 4L);
    expected.put("define h", (long) OK);
    expected.put("id h", 6L);
    expected.put("define 9999", (long) BAD_ARGUMENT);
    expected.put("increment c", (long) OK);
    expected.put("increment h", (long) BAD_ARGUMENT);
    expected.put("record h", (long) OK);
    for (int type = 0; type < 4; type++) {
      boolean readable = type < 2;
      expected.put("get unknown " + type, (long) (readable ? NOT_FOUND : BAD_ARGUMENT));
      expected.put("record unknown " + type, (long) NOT_FOUND);
      expected.put("increment unknown " + type, (long) (readable ? NOT_FOUND : BAD_ARGUMENT));
    }
    expected.put("get c", (long) OK);
    expected.put("c first", 1L);
    expected.put("c second", 2L);
    expected.put("record c", (long) OK);
    expected.put("c third", 5L);
    expected.put("get h", (long) BAD_ARGUMENT);
    expected.put("increment c by -1", (long) BAD_ARGUMENT);
    expected.put("increment c by 0", (long) BAD_ARGUMENT);
    expected.put("increment unknown c by -1", (long) NOT_FOUND);
    assertThat(results).containsAllEntriesOf(expected);
  }

  /** The gauge in WasmCommonTest.Stats; by itself, as the reports above are gauges, too. */
  @Test
  void envoysOwnGaugeGivesEnvoysResults() {
    Guest guest = new Guest();
    guest.code(
        code -> {
          code.call("proxy_define_metric", GAUGE, "g", NUMBER).report("define g");
          code.call("proxy_increment_metric", 5, 1L).report("increment g");
          code.call("proxy_record_metric", 5, 2L).report("record g");
          code.call("proxy_get_metric", 5, NUMBER).report("get g");
          code.loadLong(NUMBER).reportLong("value of g");
          code.call("proxy_increment_metric", 5, -1L).report("increment g by -1");
        });

    Map<String, Long> results = guest.run(Engines.underTest());

    assertThat(results)
        .containsEntry("define g", 0L)
        .containsEntry("increment g", 0L)
        .containsEntry("record g", 0L)
        .containsEntry("get g", 0L)
        .containsEntry("value of g", 2L)
        .containsEntry("increment g by -1", 0L)
        .containsEntry("g", 1L);
  }

  @Test
  void aGaugeCanBeIncrementedDecrementedAndSet() {
    Guest guest = new Guest();
    guest.code(
        code -> {
          code.call("proxy_define_metric", GAUGE, "g", NUMBER).drop();
          code.call("proxy_increment_metric", 5, 7L).report("up");
          code.call("proxy_increment_metric", 5, -3L).report("down");
          code.call("proxy_increment_metric", 5, 0L).report("by zero");
          code.call("proxy_get_metric", 5, NUMBER).drop().loadLong(NUMBER).reportLong("sum");
          code.call("proxy_record_metric", 5, 100L).report("set");
        });

    Map<String, Long> results = guest.run(Engines.underTest());

    assertThat(results)
        .containsEntry("up", 0L)
        .containsEntry("down", 0L)
        .containsEntry("by zero", 0L)
        .containsEntry("sum", 4L)
        .containsEntry("set", 0L)
        .containsEntry("g", 100L);
  }

  @Test
  void everyDefinitionMintsANewIdForTheSameStat() {
    Guest guest = new Guest();
    guest.code(
        code -> {
          code.call("proxy_define_metric", COUNTER, "c", NUMBER).drop().load(NUMBER).report("1st");
          code.call("proxy_define_metric", COUNTER, "c", NUMBER).drop().load(NUMBER).report("2nd");
          code.call("proxy_define_metric", COUNTER, "d.", NUMBER).drop().load(NUMBER).report("3rd");
          code.call("proxy_increment_metric", 4, 1L).drop();
          code.call("proxy_increment_metric", 8, 1L).drop();
          code.call("proxy_get_metric", 4, NUMBER).drop().loadLong(NUMBER).reportLong("value");
        });

    Map<String, Long> results = guest.run(Engines.underTest());

    assertThat(results)
        .containsEntry("1st", 4L)
        .containsEntry("2nd", 8L)
        .containsEntry("3rd", 12L)
        .containsEntry("value", 2L);
  }

  @Test
  void badAddressesAreInvalidMemoryAccesses() {
    Guest guest = new Guest();
    guest.code(
        code -> {
          code.call("proxy_define_metric", 9999, -1, 4, NUMBER).report("name outside");
          code.call("proxy_define_metric", COUNTER, "c", 65_533).report("id across the end");
          code.call("proxy_define_metric", COUNTER, "c", NUMBER).drop();
          code.call("proxy_get_metric", 8, -8).report("value outside");
          code.load(NUMBER).report("id after the failed definition");
        });

    Map<String, Long> results = guest.run(Engines.underTest());

    assertThat(results)
        .containsEntry("name outside", (long) INVALID_MEMORY_ACCESS)
        .containsEntry("id across the end", (long) INVALID_MEMORY_ACCESS)
        .containsEntry("value outside", (long) INVALID_MEMORY_ACCESS)
        .containsEntry("id after the failed definition", 8L);
  }

  @Test
  void allVmsCountTogether() {
    byte[] module =
        Guests.inConfigure(
                code -> {
                  code.call("proxy_define_metric", COUNTER, "configured", NUMBER).drop();
                  code.load(NUMBER).i64(1).call("proxy_increment_metric").drop();
                })
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> code.call("proxy_increment_metric", 4, 1L).drop())
            .build();
    try (SimulatedEnvoy envoy = Engines.envoy().module(module).workers(3).start()) {

      for (int i = 0; i < 10; i++) {
        envoy.run(StreamScenario.builder().build());
      }

      // The canary, the main thread and three workers, and then ten streams.
      assertThat(envoy.stats().counter("wasmcustom.configured")).hasValue(5 + 10);
    }
  }

  /** Runs code in {@code proxy_on_log} of one stream and reads the gauges that it reports. */
  private static final class Guest {

    private final Map<String, Long> results = new LinkedHashMap<>();
    private Consumer<Code> body = code -> {};

    void code(Consumer<Code> code) {
      body = code;
    }

    Map<String, Long> run(EngineKind engine) {
      byte[] module = Guests.inLog(body).build();
      try (SimulatedEnvoy envoy = Engines.envoy().module(module).engine(engine).start()) {
        envoy.run(StreamScenario.builder().build());
        String page = new String(envoy.stats().plainPage(), UTF_8);
        page.lines()
            // Histograms are written as quantiles.
            .filter(line -> !line.contains(": P0("))
            .map(line -> line.substring("wasmcustom.".length()))
            .forEach(
                line -> {
                  int colon = line.lastIndexOf(": ");
                  results.put(
                      line.substring(0, colon), Long.parseUnsignedLong(line.substring(colon + 2)));
                });
        return results;
      }
    }
  }
}
