package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.Region;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of numbers as in ECMA-262, Number::toString. */
class DecimalsTest {
  private final Region region = new Region();
  private final Decimals decimals = new Decimals(region, new ShortestDigits(region));

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "3, 3",
    "-3, -3",
    "0.1, 0.1",
    "0.30000000000000004, 0.30000000000000004",
    "-12.5, -12.5",
    "9007199254740991, 9007199254740991",
    "9007199254740993, 9007199254740992",
    "123456789012345680000, 123456789012345680000",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "1.5e300, 1.5e+300",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "1.234e-10, 1.234e-10",
    "4.9e-324, 5e-324",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "2e-3, 0.002",
    "1e23, 1e+23",
    "5e-324, 5e-324",
    "9.5, 9.5",
  })
  void aDoubleIsItsShortestText(double number, String text) {
    assertThat(text(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-Infinity"})
  void whatIsNoNumberHasNoText(double number) {
    assertThat(text(number)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "3.0, 3",
    "12, 12",
    "-0, 0",
    "-0.0e5, 0",
    "0.50, 0.5",
    "1e3, 1000",
    "1E+21, 1e+21",
    "120e-1, 12",
    "0.00000012, 1.2e-7",
    "12345678901234567890, 12345678901234567890",
    "1e99999, 1e99999",
    "1234567890123456789012345678901234567890.5, 1234567890123456789012345678901234567890.5",
  })
  void aJsonNumberHasOneText(String number, String text) {
    Window value = window(number);

    assertThat(decimals.normalize(value)).isTrue();
    assertThat(text(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"''", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1x", "0x1", "1.2.3", "NaN", "'1 '"})
  void whatIsNoJsonNumberStays(String text) {
    Window value = window(text);

    assertThat(decimals.normalize(value)).isFalse();
    assertThat(text(value)).isEqualTo(text);
  }

  /** Reading undoes writing, no shorter text would do, and JSON text of it becomes the same. */
  @Test
  void theTextIsReadBackAndNoneIsShorter() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      double number =
          i % 2 == 0
              ? Double.longBitsToDouble(random.nextLong())
              : random.nextInt(1_000_000) / Math.pow(10, random.nextInt(12));
      if (!Double.isFinite(number)) {
        continue;
      }
      String text = text(number);

      assertThat(Double.parseDouble(text)).isEqualTo(number == 0 ? 0.0 : number);
      int digits = new BigDecimal(text).stripTrailingZeros().precision();
      if (digits > 1) {
        BigDecimal exact = new BigDecimal(number);
        BigDecimal down = exact.round(new MathContext(digits - 1, RoundingMode.DOWN));
        BigDecimal up = exact.round(new MathContext(digits - 1, RoundingMode.UP));
        assertThat(down.doubleValue()).as(text).isNotEqualTo(number);
        assertThat(up.doubleValue()).as(text).isNotEqualTo(number);
      }
      Window json = window(Double.toString(Double.parseDouble(text)));
      if (text.length() < 16) {
        decimals.normalize(json);
        assertThat(Double.parseDouble(text(json))).isEqualTo(Double.parseDouble(text));
      }
    }
  }

  private String text(double number) {
    Window value = new Window();
    return decimals.ofDouble(Double.doubleToRawLongBits(number), value) ? text(value) : null;
  }

  private static String text(Window value) {
    return new String(Blocks.toArray(value.address, value.size), StandardCharsets.US_ASCII);
  }

  private Window window(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    Window value = new Window();
    value.address = region.allocate(bytes.length);
    value.size = bytes.length;
    Memory.copyIn(bytes, 0, bytes.length, value.address);
    return value;
  }
}
