package dev.nametag.hostsim.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The law: a queue is what joining and cutting of immutable bytes makes. */
class ByteQueueTest {

  private static final int STEPS = 2_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void isWhatJoiningAndCuttingMakes(long seed) {
    Random random = new Random(seed);
    ByteQueue queue = new ByteQueue();
    ByteString model = ByteString.EMPTY;
    for (int i = 0; i < STEPS; i++) {
      byte[] bytes = new byte[random.nextInt(random.nextInt(100) == 0 ? 3_000 : 5)];
      random.nextBytes(bytes);
      ByteString added = ByteString.of(bytes);
      int dropped = random.nextInt(Math.min(model.size(), 40) + 1);
      switch (random.nextInt(20)) {
        case 0 -> {
          queue.replaceFront(model.size(), added);
          model = added;
        }
        case 1 -> {
          assertThat(queue.take()).isEqualTo(model);
          model = ByteString.EMPTY;
        }
        case 2, 3, 4 -> {
          queue.replaceFront(dropped, added);
          model = added.concat(model.slice(dropped, model.size()));
        }
        default -> {
          queue.append(added);
          model = model.concat(added);
        }
      }
      assertThat(queue.size()).isEqualTo(model.size());
      int end = random.nextInt(model.size() + 1);
      int start = random.nextInt(end + 1);
      assertThat(queue.slice(start, end)).isEqualTo(model.slice(start, end));
      if (i % 50 == 0) {
        assertThat(queue.toByteString()).isEqualTo(model);
      }
    }
    assertThat(queue.toByteString()).isEqualTo(model);
  }
}
