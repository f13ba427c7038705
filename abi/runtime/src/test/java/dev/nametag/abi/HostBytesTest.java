package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostBytesTest {
  private final HostBytes value = new HostBytes();

  @Test
  void isEmptyAtFirst() {
    assertThat(value.length()).isZero();
    assertThat(value.text()).isEmpty();
    assertThat(value.copy()).isEmpty();
  }

  @Test
  void showsAPartOfAnArray() {
    value.set("xalicey".getBytes(StandardCharsets.UTF_8), 1, 5);

    assertThat(value.text()).isEqualTo("alice");
    assertThat(value.end()).isEqualTo(6);
    assertThat(value.copy()).asString().isEqualTo("alice");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,4", "4,0", "3,1"})
  void theWholeArrayCanBeShown(int offset, int length) {
    value.set(new byte[4], offset, length);

    assertThat(value.copy()).hasSize(length);
  }

  @ParameterizedTest
  @CsvSource({"-1,1", "0,-1", "0,5", "5,0", "4,1", "1,2147483647", "2147483647,1"})
  void nothingOutsideOfTheArrayIsShown(int offset, int length) {
    assertThatThrownBy(() -> value.set(new byte[4], offset, length))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsLittleEndianNumbers() {
    value.set(new byte[] {9, (byte) 0xfe, -1, -1, -1, -1, -1, -1, -1}, 1, 8);

    assertThat(value.int64()).isEqualTo(-2);
  }

  @ParameterizedTest
  @CsvSource({"0", "7", "9"})
  void aNumberHasEightBytes(int length) {
    value.set(new byte[9], 0, length);

    assertThatThrownBy(value::int64)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an int64 has 8 bytes, not " + length);
  }
}
