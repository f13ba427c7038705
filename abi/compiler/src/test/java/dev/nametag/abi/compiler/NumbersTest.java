package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link WasmReader} undoes {@link WasmWriter}. */
class NumbersTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  void unsignedNumbersAreReadAsWritten(int value) {
    byte[] bytes = new WasmWriter().unsigned(value).toByteArray();

    assertThat(new WasmReader(bytes).unsigned()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        63,
        64,
        -64,
        -65,
        8_191,
        8_192,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void signedNumbersAreReadAsWritten(long value) {
    byte[] bytes = new WasmWriter().signed(value).toByteArray();

    assertThat(new WasmReader(bytes).signed()).isEqualTo(value);
  }

  @Test
  void numbersThatDoNotEndAreRefused() {
    byte[] bytes = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

    assertThatThrownBy(() -> new WasmReader(bytes).unsigned())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WasmReader(bytes).signed())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aVectorCannotBeLongerThanWhatIsLeft() {
    assertThatThrownBy(() -> new WasmReader(new byte[] {3, 0, 0}).count())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
