package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.Region;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SeriesKeyTest {
  private static final int LABEL_SETS = 3;
  private static final int MAX_LABELS = 4;
  private static final int MAX_BYTES = 20;

  private final Stream stream = new Stream();
  private final MemoryMap map = new MemoryMap();
  // Behind a value lies whatever lay there before.
  private final Random behind = new Random(5);
  private final SeriesKey key = new SeriesKey(stream.region, MAX_LABELS, MAX_BYTES);

  @AfterEach
  void giveBack() {
    map.free();
    stream.free();
  }

  @RepeatedTest(4)
  void differentLabelSetsHaveDifferentKeysAndTheSameOnesTheSame(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Map<List<Object>, List<Byte>> keys = new HashMap<>();
    Map<List<Byte>, List<Object>> labelSets = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int labelSet = random.nextInt(LABEL_SETS);
      byte[][] values = values(random, labelSet + 1);
      List<Object> identity = List.of(labelSet, describe(values));

      int ignored = key.find(map, labelSet, labels(values));

      List<Byte> bytes = boxed(Blocks.toArray(key.address(), key.size()));
      assertThat(keys.computeIfAbsent(identity, any -> bytes)).isEqualTo(bytes);
      assertThat(labelSets.computeIfAbsent(bytes, any -> identity)).isEqualTo(identity);
      assertThat(key.size()).isLessThanOrEqualTo(key.maxSize);
    }
    assertThat(keys).hasSizeGreaterThan(1_000);
  }

  /** What another VM wrote is found by what this one reads. */
  @RepeatedTest(4)
  void aKeyThatWasTakenOverIsFound(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 5_000; i++) {
      int labelSet = random.nextInt(LABEL_SETS);
      ValueReader[] labels = labels(values(random, labelSet + 1));
      if (key.find(map, labelSet, labels) == 0) {
        assertThat(SeriesKey.isKey(key.address(), key.size())).isTrue();
        assertThat(SeriesKey.labelSet(key.address())).isEqualTo(labelSet);
        int hash = SeriesKey.hash(key.address(), key.size());
        int added = map.add(key.address(), key.size(), hash, 4);
        assertThat(key.find(map, labelSet, labels)).isEqualTo(added);
      }
    }
  }

  @Test
  void aKeyWithoutLabelsIsOne() {
    int ignored = key.find(map, 7, new ValueReader[0]);

    assertThat(SeriesKey.isKey(key.address(), key.size())).isTrue();
    assertThat(SeriesKey.hash(key.address(), key.size())).isEqualTo(key.hash());
  }

  /** Whoever writes into shared data can write anything. */
  @RepeatedTest(4)
  void whatIsNoKeyIsToldFromOne(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 20_000; i++) {
      byte[][] values = values(random, MAX_LABELS);
      int ignored = key.find(map, 0, labels(values));
      int size = key.size();

      assertThat(SeriesKey.isKey(key.address(), size - MemoryMap.WORD)).isFalse();
      assertThat(SeriesKey.isKey(key.address(), size + MemoryMap.WORD)).isFalse();
      assertThat(SeriesKey.isKey(key.address(), 0)).isFalse();
      int head = key.address() + 4 + random.nextInt(values.length + 1) * 4;
      Memory.putInt(head, Memory.getInt(head) ^ 1 << (10 + random.nextInt(22)));
      assertThat(SeriesKey.isKey(key.address(), size)).isFalse();
    }
  }

  private static byte[][] values(Random random, int count) {
    byte[][] values = new byte[count][];
    for (int i = 0; i < count; i++) {
      if (random.nextInt(5) > 0) {
        values[i] = new byte[random.nextInt(random.nextBoolean() ? 3 : MAX_BYTES + 1)];
        for (int j = 0; j < values[i].length; j++) {
          values[i][j] = (byte) random.nextInt(2);
        }
      }
    }
    return values;
  }

  /** The values, as they have just been read of a stream. */
  private ValueReader[] labels(byte[][] values) {
    Region region = stream.region;
    ValueReader[] labels = new ValueReader[values.length];
    for (int i = 0; i < values.length; i++) {
      Bytes bytes = null;
      if (values[i] != null) {
        byte[] padded = Arrays.copyOf(values[i], values[i].length + MemoryMap.WORD);
        for (int j = values[i].length; j < padded.length; j++) {
          padded[j] = (byte) behind.nextInt();
        }
        bytes = new Bytes(region, padded);
      }
      int size = values[i] == null ? 0 : values[i].length;
      Bytes whole = bytes;
      ValueSource source =
          new ValueSource() {
            @Override
            int read(Window value) {
              if (whole == null) {
                return NONE;
              }
              value.address = whole.address;
              value.size = size;
              return FOUND;
            }
          };
      labels[i] = new ValueReader(null, null, stream, "label", source, MAX_BYTES);
      int ignored = labels[i].read();
    }
    return labels;
  }

  private static String describe(byte[][] values) {
    return Arrays.deepToString(values);
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      boxed[i] = bytes[i];
    }
    return Arrays.asList(boxed);
  }
}
