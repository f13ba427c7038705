package dev.nametag.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PseudonymTest {
  /** RFC 4231, section 4: test cases 1, 3, 4 and 6 (2 has a shorter key than we take). */
  @ParameterizedTest
  @CsvSource({
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265,"
        + "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,"
        + "dddddddddddddddddddddddddddddddddddddddddddddddddd"
        + "dddddddddddddddddddddddddddddddddddddddddddddddddd,"
        + "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    "0102030405060708090a0b0c0d0e0f10111213141516171819,"
        + "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
        + "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd,"
        + "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  })
  void theMacIsThatOfTheStandard(String key, String data, String mac) {
    HexFormat hex = HexFormat.of();

    assertThat(hex.formatHex(new Pseudonym(hex.parseHex(key)).mac(hex.parseHex(data))))
        .isEqualTo(mac);
  }

  @Test
  void aKeyLongerThanABlockIsHashed() {
    byte[] key = new byte[131];
    Arrays.fill(key, (byte) 0xaa);
    byte[] data =
        "Test Using Larger Than Block-Size Key - Hash Key First"
            .getBytes(StandardCharsets.US_ASCII);

    // RFC 4231, section 4.7.
    assertThat(HexFormat.of().formatHex(new Pseudonym(key).mac(data)))
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }

  @Test
  void itIsTheSameAsThatOfTheJdk() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      byte[] key = new byte[16 + random.nextInt(100)];
      byte[] value = new byte[random.nextInt(200)];
      random.nextBytes(key);
      random.nextBytes(value);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));

      assertThat(new Pseudonym(key).of(value))
          .isEqualTo(HexFormat.of().formatHex(mac.doFinal(value)).substring(0, 32));
    }
  }

  @Test
  void whatCanBeGuessedIsNoKey() {
    assertThatThrownBy(() -> new Pseudonym(new byte[15]))
        .hasMessage("a key has at least 16 bytes, not 15");
  }
}
