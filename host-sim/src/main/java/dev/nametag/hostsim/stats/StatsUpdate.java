package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counters and gauges as a module that is a sink of stats reads them: for each kind the size of its
 * block, the kind and how many there are, in four bytes each; for each stat the length of its name
 * in four bytes, the name, zeros up to a multiple of eight, the value, and of counters what was
 * added since the last update.
 *
 * <p>Two things are as in Envoy and not as a reader would think: stats that were never used are
 * counted and not there, and the size of the second block doubles with each gauge, so that there is
 * much behind the last one. Source: Envoy source/extensions/common/wasm/context.cc,
 * Context::onStatsUpdate.
 */
public final class StatsUpdate {

  /** From here on, no module is told; Envoy has no such limit. */
  static final int MAX_BYTES = 64 * 1024 * 1024;

  private static final int COUNTERS = 1;
  private static final int GAUGES = 2;
  private static final int HEAD = 3 * Integer.BYTES;

  private final List<Stat> counters = new ArrayList<>();
  private final List<Stat> gauges = new ArrayList<>();
  private int definedCounters;
  private int definedGauges;

  private record Stat(ByteString name, List<Long> values) {}

  StatsUpdate() {}

  void counter(ByteString name, boolean used, long value, long added) {
    definedCounters++;
    if (used) {
      counters.add(new Stat(name, List.of(value, added)));
    }
  }

  void gauge(ByteString name, boolean used, long value) {
    definedGauges++;
    if (used) {
      gauges.add(new Stat(name, List.of(value)));
    }
  }

  /** The bytes; none where there would be more than 64 MiB of them. */
  public Optional<ByteString> bytes() {
    long counterBlock = HEAD;
    for (Stat counter : counters) {
      counterBlock = aligned(counterBlock + written(counter) + 2 * Long.BYTES);
    }
    long gaugeBlock = HEAD;
    for (Stat gauge : gauges) {
      gaugeBlock += written(gauge);
      gaugeBlock += aligned(gaugeBlock + Long.BYTES);
      if (counterBlock + gaugeBlock > MAX_BYTES) {
        break;
      }
    }
    if (counterBlock + gaugeBlock > MAX_BYTES) {
      return Optional.empty();
    }
    ByteBuffer buffer =
        ByteBuffer.allocate((int) (counterBlock + gaugeBlock)).order(ByteOrder.LITTLE_ENDIAN);
    write(buffer, counterBlock, COUNTERS, definedCounters, counters);
    write(buffer, gaugeBlock, GAUGES, definedGauges, gauges);
    return Optional.of(ByteString.of(buffer.array()));
  }

  private static void write(
      ByteBuffer buffer, long blockSize, int kind, int defined, List<Stat> stats) {
    buffer.putInt((int) blockSize).putInt(kind).putInt(defined);
    for (Stat stat : stats) {
      buffer.putInt(stat.name.size()).put(stat.name.toByteArray());
      buffer.position((int) aligned(buffer.position()));
      for (long value : stat.values) {
        buffer.putLong(value);
      }
    }
  }

  private static int written(Stat stat) {
    return Integer.BYTES + stat.name.size();
  }

  private static long aligned(long position) {
    return (position + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }
}
