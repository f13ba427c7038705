package dev.nametag.abi.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryMapTest {
  private static final int MAX_KEY = 20_000;

  private final MemoryMap map = new MemoryMap();
  private final int key = Blocks.allocate(MAX_KEY + MemoryMap.WORD);

  @AfterEach
  void giveBack() {
    map.free();
    Blocks.free(key, MAX_KEY + MemoryMap.WORD);
  }

  @Test
  void anEmptyMapHasNothing() {
    assertThat(find("")).isZero();
    assertThat(find("a")).isZero();
  }

  @Test
  void whatBelongsToANewKeyIsZero() {
    int value = add(bytes("a"), 12, null);

    assertThat(Memory.getInt(value)).isZero();
    assertThat(Memory.getInt(value + 4)).isZero();
    assertThat(Memory.getInt(value + 8)).isZero();
    assertThat(find("a")).isEqualTo(value);
  }

  @Test
  void keysThatAreBeginningsOfEachOtherAreDifferent() {
    StringBuilder text = new StringBuilder();
    List<Integer> values = new ArrayList<>();
    for (int size = 0; size < 40; size++) {
      values.add(add(bytes(text.toString()), 4, null));
      text.append('a');
    }

    assertThat(values).doesNotHaveDuplicates();
    for (int size = 0; size < 40; size++) {
      assertThat(find("a".repeat(size))).isEqualTo(values.get(size));
    }
  }

  @Test
  void keysThatEndInZerosAreNotTheirBeginnings() {
    int shorter = add(new byte[] {1}, 4, null);
    int longer = add(new byte[] {1, 0}, 4, null);
    int none = add(new byte[0], 4, null);
    int zero = add(new byte[] {0}, 4, null);

    assertThat(List.of(shorter, longer, none, zero)).doesNotHaveDuplicates();
    assertThat(find(new byte[] {1, 0}, null)).isEqualTo(longer);
    assertThat(find(new byte[0], null)).isEqualTo(none);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsWhatAMapFinds(long seed) {
    Random random = new Random(seed);
    Map<String, Integer> expected = new HashMap<>();
    for (int step = 0; step < 30_000; step++) {
      String text = text(random, (int) seed);
      int found = find(text);
      assertThat(found).isEqualTo(expected.getOrDefault(text, 0));
      if (found == 0) {
        int value = add(bytes(text), 8, null);
        Memory.putInt(value, text.hashCode());
        expected.put(text, value);
      } else {
        assertThat(Memory.getInt(found)).isEqualTo(text.hashCode());
      }
    }
    assertThat(map.size()).isEqualTo(expected.size());
    expected.forEach((text, value) -> assertThat(find(text)).isEqualTo(value));
  }

  /** With one hash for all, or one in the bits that choose a bucket, only the bytes can tell. */
  @ParameterizedTest(name = "hashes of {0} bits, shifted by {1}")
  @CsvSource({"0,0", "1,0", "2,30", "4,20", "12,20"})
  void keysWhoseHashesMeetAreKeptApart(int bits, int shift) {
    Map<Integer, Integer> expected = new HashMap<>();
    int count = bits == 12 ? 20_000 : 1_500;
    for (int i = 0; i < count; i++) {
      int hash = (i & ((1 << bits) - 1)) << shift;
      expected.put(i, add(bytes("key " + i), 4, hash));
    }
    for (int i = 0; i < count; i++) {
      int hash = (i & ((1 << bits) - 1)) << shift;
      assertThat(find(bytes("key " + i), hash)).isEqualTo(expected.get(i));
      assertThat(find(bytes("kex " + i), hash)).isZero();
    }
  }

  @Test
  void growingMovesNothingThatWasFound() {
    int[] values = new int[50_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = add(bytes("user-" + i), 4, null);
      // Some of before, in the middle of splitting.
      assertThat(find("user-" + i / 2)).isEqualTo(values[i / 2]);
    }
    for (int i = 0; i < values.length; i++) {
      assertThat(find("user-" + i)).isEqualTo(values[i]);
    }
  }

  @Test
  void theLargestKeysFit() {
    byte[] one = new byte[MAX_KEY];
    byte[] other = new byte[MAX_KEY];
    other[MAX_KEY - 1] = 1;
    int first = add(one, 4, null);
    int second = add(other, 4, null);

    assertThat(find(one, null)).isEqualTo(first);
    assertThat(find(other, null)).isEqualTo(second);
  }

  /** In the order that the class says: 12 bytes, the key, what belongs to it. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void anEntryThatFitsIntoALineOfTheCacheLiesInOne(long seed) {
    Random random = new Random(seed);
    int inOneLine = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] text = bytes(i + "k".repeat(random.nextInt(60)));
      int valueSize = 4 * random.nextInt(6);
      int value = add(text, valueSize, null);
      int start = value - MemoryMap.padded(text.length) - 12;
      int end = value + valueSize;
      if (end - start <= 64) {
        assertThat(start / 64).isEqualTo((end - 1) / 64);
        inOneLine++;
      }
    }
    assertThat(inOneLine).isGreaterThan(1_000);
  }

  @ParameterizedTest(name = "keys of up to {0} bytes, {1} bytes each")
  @CsvSource({"1,4", "8,8", "30,4", "40,8", "60,16", "200,40"})
  void entriesTakeNoMoreThanItSays(int keySize, int valueSize) {
    Random random = new Random(keySize);
    long before = map.memory();
    long said = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] text = bytes(i + "k".repeat(random.nextInt(keySize)));
      said += MemoryMap.bytes(text.length, valueSize);
      int ignored = add(text, valueSize, null);
    }
    // Beside what is left over at the end of each chunk, the last one has just been begun.
    assertThat(map.memory() - before).isLessThan(said + said / 100 + (64 << 10));
  }

  @Test
  void hashesOfSimilarKeysAreWellScattered() {
    int buckets = 1 << 12;
    int[] sizes = new int[buckets];
    for (int i = 0; i < buckets; i++) {
      byte[] text = bytes("user-" + i);
      put(text);
      sizes[MemoryMap.hash(key, text.length) & (buckets - 1)]++;
    }

    // By chance 4,096 keys in as many buckets leave 1,507 empty, give or take 20; the fullest has
    // 7.
    assertThat(Arrays.stream(sizes).filter(size -> size == 0).count()).isBetween(1_400L, 1_600L);
    assertThat(Arrays.stream(sizes).max().orElseThrow()).isLessThan(11);
  }

  private static String text(Random random, int kind) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(kind % 2 == 0 ? 4 : 24);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(kind)));
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private int find(String text) {
    return find(bytes(text), null);
  }

  private int find(byte[] bytes, Integer hash) {
    put(bytes);
    return map.find(key, bytes.length, hash == null ? MemoryMap.hash(key, bytes.length) : hash);
  }

  private int add(byte[] bytes, int valueSize, Integer hash) {
    put(bytes);
    int used = hash == null ? MemoryMap.hash(key, bytes.length) : hash;
    return map.add(key, bytes.length, used, valueSize);
  }

  private void put(byte[] bytes) {
    Memory.copyIn(bytes, 0, bytes.length, key);
    Memory.putLong(key + bytes.length, 0);
  }
}
