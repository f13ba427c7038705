package dev.nametag.bench;

import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
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
 * Finding one of 10,000 series by its key's bytes, in the filter's map and in a {@link HashMap}
 * with the same bytes for keys, both with hashing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MapBenchmark {
  private static final int SERIES = 10_000;
  private static final int MAX_KEY = 256;

  /** Whose kind of name the keys have. */
  @Param public Caller caller;

  private final Map<ByteBuffer, Integer> hashMap = new HashMap<>();
  private final MemoryMap memoryMap = new MemoryMap();
  private final int[] keys = new int[SERIES];
  private final byte[][] arrays = new byte[SERIES][];
  private int next;

  /** Puts the same keys into both. */
  @Setup
  public void prepare() {
    for (int i = 0; i < SERIES; i++) {
      arrays[i] = (caller.user() + i).getBytes(StandardCharsets.UTF_8);
      keys[i] = Blocks.allocate(MAX_KEY);
      Memory.copyIn(arrays[i], 0, arrays[i].length, keys[i]);
      int hash = MemoryMap.hash(keys[i], arrays[i].length);
      Memory.putInt(memoryMap.add(keys[i], arrays[i].length, hash, Integer.BYTES), i);
      hashMap.put(ByteBuffer.wrap(arrays[i]), i);
    }
  }

  private int next() {
    // Coprime to the number of series, so that all have their turn, none near the one before.
    next = (next + 7_919) % SERIES;
    return next;
  }

  /** Finds the number of a series in the one. */
  @Benchmark
  public int hashMap() {
    return hashMap.get(ByteBuffer.wrap(arrays[next()]));
  }

  /** Finds it in the other. */
  @Benchmark
  public int memoryMap() {
    int i = next();
    int size = arrays[i].length;
    return Memory.getInt(memoryMap.find(keys[i], size, MemoryMap.hash(keys[i], size)));
  }
}
