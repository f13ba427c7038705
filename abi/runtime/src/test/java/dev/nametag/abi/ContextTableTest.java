package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextTableTest {
  private static final Context FIRST = new HttpContext() {};
  private static final Context SECOND = new HttpContext() {};

  private final ContextTable table = new ContextTable();

  @Test
  void anEmptyTableHasNothing() {
    assertThat(table.get(0)).isNull();
    assertThat(table.remove(0)).isNull();
  }

  @Test
  void theLastContextOfAnIdCounts() {
    table.put(7, FIRST);
    table.put(7, SECOND);

    assertThat(table.remove(7)).isEqualTo(SECOND);
    assertThat(table.get(7)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void everyNumberCanBeAnId(int id) {
    table.put(id, FIRST);

    assertThat(table.get(id)).isEqualTo(FIRST);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void holdsWhatAMapHolds(long seed) {
    Random random = new Random(seed);
    // From ids that often meet in the same slots to ids all over the range.
    int bits = 3 + (int) (seed % 8) * 4;
    Map<Integer, Context> expected = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int id = random.nextInt() >> (31 - bits);
      switch (random.nextInt(3)) {
        case 0 -> {
          Context context = new HttpContext() {};
          table.put(id, context);
          expected.put(id, context);
        }
        case 1 -> assertThat(table.remove(id)).isEqualTo(expected.remove(id));
        default -> assertThat(table.get(id)).isEqualTo(expected.get(id));
      }
    }
    expected.forEach((id, context) -> assertThat(table.get(id)).isEqualTo(context));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void manyOpenStreamsThatEndInAnyOrderAreKeptApart(long seed) {
    Random random = new Random(seed);
    Map<Integer, Context> open = new HashMap<>();
    for (int id = 2; id < 5_000; id++) {
      Context stream = new HttpContext() {};
      table.put(id, stream);
      open.put(id, stream);
      int ended = 2 + random.nextInt(id);
      assertThat(table.remove(ended)).isEqualTo(open.remove(ended));
    }
    open.forEach((id, context) -> assertThat(table.remove(id)).isEqualTo(context));
  }
}
