package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSegmentsTest {
  private static final int MEMORY = 4096;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void memoryIsTheSameWithoutZeros(long seed) {
    Random random = new Random(seed);
    byte[] content = new byte[random.nextInt(2_000)];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (random.nextInt((int) seed) == 0 ? random.nextInt() : 0);
    }
    byte[] section = section(256, content);

    byte[] divided = DataSegments.withoutZeros(section);

    assertThat(memory(divided)).isEqualTo(memory(section));
    assertThat(divided.length).isLessThanOrEqualTo(section.length + 4);
  }

  @Test
  void zerosAreLeftOut() {
    assertThat(DataSegments.withoutZeros(section(256, new byte[1000]))).hasSize(1);
  }

  @Test
  void fewZerosAreKeptSinceAFurtherSegmentCostsMore() {
    byte[] section = section(256, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 2});

    assertThat(DataSegments.withoutZeros(section)).isEqualTo(section);
  }

  @Test
  void aSegmentAtAPlaceThatIsNotKnownStaysAsItIs() {
    byte[] section = {1, 0, 0x23, 0, 0x0b, 2, 0, 0};

    assertThat(DataSegments.withoutZeros(section)).isEqualTo(section);
    assertThat(DataSegments.isZero(section, 0)).isFalse();
  }

  @Test
  void knowsWhichIntsAreZero() {
    byte[] section = section(256, new byte[] {0, 0, 0, 0, 1});

    assertThat(DataSegments.isZero(section, 256)).isTrue();
    assertThat(DataSegments.isZero(section, 257)).isFalse();
    assertThat(DataSegments.isZero(section, 260)).isFalse();
    assertThat(DataSegments.isZero(section, 261)).isTrue();
  }

  private static byte[] section(int offset, byte[] content) {
    return new WasmWriter()
        .unsigned(1)
        .unsigned(0)
        .byteValue(0x41)
        .signed(offset)
        .byteValue(0x0b)
        .unsigned(content.length)
        .bytes(content)
        .toByteArray();
  }

  private static byte[] memory(byte[] section) {
    byte[] memory = new byte[MEMORY];
    WasmReader reader = new WasmReader(section);
    for (int left = reader.count(); left > 0; left--) {
      reader.unsigned();
      reader.byteValue();
      int offset = (int) reader.signed();
      reader.byteValue();
      WasmReader content = reader.part(reader.unsigned());
      System.arraycopy(section, content.at(), memory, offset, reader.at() - content.at());
    }
    return memory;
  }
}
