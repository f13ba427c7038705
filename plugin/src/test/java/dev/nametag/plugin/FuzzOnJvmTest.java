package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.abi.BufferType;
import dev.nametag.abi.Dispatcher;
import dev.nametag.abi.HostBytes;
import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.MapType;
import dev.nametag.abi.MetricType;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.WasmResult;
import dev.nametag.abi.memory.RawHostcalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The filter on the JVM against a host that answers anything: any bytes for any property, header or
 * shared value, and any result. Faster than {@link FuzzTest}, and what the filter catches inside is
 * seen here.
 */
class FuzzOnJvmTest {
  private static final int SECONDS = Math.max(1, Integer.getInteger("nametag.fuzzSeconds", 20) / 4);
  private static final Pattern OURS = Pattern.compile("[A-Za-z0-9_]+");

  @Test
  void whateverTheHostAnswersIsForeseen() {
    Long seed = Long.getLong("nametag.fuzzSeed");
    AnyHost host = new AnyHost();
    if (seed != null) {
      round(host, seed);
      return;
    }
    long first = System.currentTimeMillis() * 1000;
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    long rounds = 0;
    while (System.nanoTime() < end) {
      round(host, first + rounds);
      rounds++;
    }
    System.out.println("fuzzed on the JVM: " + rounds + " rounds from seed " + first);
  }

  private static void round(AnyHost host, long seed) {
    host.start(new SplittableRandom(seed));
    Dispatcher dispatcher = new Dispatcher(host, NametagFilter::new);
    dispatcher.onContextCreate(1, 0);
    assertThat(dispatcher.onConfigure(1, host.configuration.length)).isTrue();
    int streams = host.input.count();
    for (int id = 2; id < streams + 2; id++) {
      dispatcher.onContextCreate(id, 1);
      dispatcher.onLog(id);
      dispatcher.onDone(id);
      dispatcher.onDelete(id);
    }
    dispatcher.onDelete(1);
    host.check("-Dnametag.fuzzSeed=" + seed, streams);
  }

  private static final class AnyHost implements Hostcalls {
    private static final String[] TEXTS = {
      "via_upstream", "internal_redirect", "ext_authz_denied", "downstream_remote_disconnect", "8",
    };

    private final List<String> names = new ArrayList<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private RawHostcalls raw;
    private SplittableRandom random;
    private FuzzInput input;
    private byte[] configuration;
    private int faults;

    void start(SplittableRandom newRandom) {
      random = newRandom;
      input = new FuzzInput(random);
      configuration = input.configuration().getBytes(StandardCharsets.UTF_8);
      faults = random.nextInt(3) == 0 ? 20 : 0;
      names.clear();
      counts.clear();
      log.clear();
    }

    void check(String seed, int streams) {
      assertThat(log).as(seed).noneMatch(line -> line.contains("java.lang."));
      if (input.isRight && faults == 0) {
        long every = counts.getOrDefault("every", 0L);
        assertThat(every).as(seed).isLessThanOrEqualTo(streams);
        long sum = 0;
        for (String name : List.of("authorized", "limited", "denied", "error", "aborted")) {
          sum += counts.getOrDefault(name, 0L);
        }
        assertThat(sum).as(seed).isEqualTo(every);
      }
      if (new String(configuration, StandardCharsets.UTF_8).contains("\"naming\": \"lossless\"")) {
        assertThat(names).as(seed).allMatch(name -> OURS.matcher(name).matches());
      }
    }

    private void mayFail(String hostcall) {
      if (faults > 0 && random.nextInt(100) < faults) {
        throw new HostcallException(hostcall, WasmResult.of(random.nextInt(2, 14)));
      }
    }

    private boolean any(HostBytes value) {
      byte[] bytes =
          switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 ->
                new byte[] {(byte) random.nextInt(), (byte) random.nextInt(3), 0, 0, 0, 0, 0, 0};
            case 2 -> TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
            default -> input.value();
          };
      if (bytes == null) {
        return false;
      }
      value.set(bytes, 0, bytes.length);
      return true;
    }

    @Override
    public RawHostcalls raw() {
      if (raw == null) {
        raw = Hostcalls.super.raw();
      }
      return raw;
    }

    @Override
    public void log(LogLevel level, String message) {
      log.add(level + " " + message);
    }

    @Override
    public boolean getProperty(PropertyPath path, HostBytes value) {
      if (!path.toString().contains("node")) {
        mayFail("proxy_get_property");
      }
      return any(value);
    }

    @Override
    public boolean getHeaderMapValue(MapType map, byte[] name, HostBytes value) {
      mayFail("proxy_get_header_map_value");
      return any(value);
    }

    @Override
    public boolean getBufferBytes(BufferType type, int start, int maxSize, HostBytes value) {
      value.set(configuration, 0, configuration.length);
      return true;
    }

    @Override
    public int defineMetric(MetricType type, String name) {
      mayFail("proxy_define_metric");
      names.add(name);
      return names.size() - 1;
    }

    @Override
    public void incrementMetric(int metricId, long offset) {
      mayFail("proxy_increment_metric");
      assertThat(offset).isPositive();
      counts.merge(names.get(metricId), offset, Long::sum);
    }

    @Override
    public void recordMetric(int metricId, long value) {
      mayFail("proxy_record_metric");
      counts.put(names.get(metricId), value);
    }

    @Override
    public int getSharedData(byte[] key, HostBytes value) {
      mayFail("proxy_get_shared_data");
      return random.nextBoolean() && any(value) ? random.nextInt(1, 9) : 0;
    }

    @Override
    public boolean setSharedData(byte[] key, byte[] value, int cas) {
      mayFail("proxy_set_shared_data");
      return random.nextBoolean();
    }

    @Override
    public String environmentVariable(String name) {
      return null;
    }
  }
}
