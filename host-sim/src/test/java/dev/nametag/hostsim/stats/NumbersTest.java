package dev.nametag.hostsim.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected text: C++ [charconv.to.chars], and printf of ISO C for the conversion g. */
class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 0.5",
    "1, 1",
    "99.9, 99.9",
    "1050, 1050",
    "10000, 10000",
    "30000, 30000",
    "100000, 1e+05",
    "250000, 250000",
    "300000, 3e+05",
    "600000, 6e+05",
    "1000000, 1e+06",
    "1800000, 1800000",
    "3600000, 3600000",
    "0.001, 0.001",
    "0.0001, 1e-04",
    "0.00015, 0.00015",
    "0.1, 0.1",
    "5470.4, 5470.4",
    "1e19, 1e+19",
    "9223372036854775807, 9223372036854775808",
    "1e22, 1e+22",
  })
  void jsonHasTheShortestForm(double value, String text) {
    assertThat(Numbers.shortest(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "0.5, 0.5, 0.5, 0.5",
    "3600000, 3.6e+06, 3600000, 3600000",
    "1800000, 1.8e+06, 1800000, 1800000",
    "123456, 123456, 123456, 123456",
    "1234567, 1.23457e+06, 1234567, 1234567",
    "0.0001, 0.0001, 0.0001, 0.00010000000000000000479217360238593",
    "0.00001, 1e-05, 1e-05, 1.0000000000000000818030539140313e-05",
    "1e15, 1e+15, 1e+15, 1000000000000000",
    "1e32, 1e+32, 1e+32, 1.0000000000000000536616220439347e+32",
  })
  void theFormatGRoundsToSoManyDigits(double value, String six, String fifteen, String many) {
    assertThat(Numbers.general(value)).isEqualTo(six);
    assertThat(Numbers.detailed(value)).isEqualTo(fifteen);
    assertThat(Numbers.exact(value)).isEqualTo(many);
  }
}
