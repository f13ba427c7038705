package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JVM's own charset is the reference. */
class Utf8Test {
  /** What borders between one and more bytes, and between good and bad ones, are made of. */
  private static final int[] BYTES = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfe, 0xff,
  };

  @Test
  void everyCodePointIsEncodedAndDecoded() {
    StringBuilder all = new StringBuilder();
    for (int code = 0; code <= Character.MAX_CODE_POINT; code++) {
      all.appendCodePoint(code < 0xd800 || code > 0xdfff ? code : '-');
    }
    byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);

    assertThat(Utf8.encode(all.toString())).isEqualTo(bytes);
    assertThat(Utf8.decode(bytes, 0, bytes.length)).isEqualTo(all.toString());
  }

  @Test
  void onlyThePartThatIsAskedForIsDecoded() {
    byte[] bytes = "xüy".getBytes(StandardCharsets.UTF_8);

    assertThat(Utf8.decode(bytes, 1, 2)).isEqualTo("ü");
    assertThat(Utf8.decode(bytes, 0, 2)).isEqualTo("x\ufffd");
    assertThat(Utf8.decode(bytes, 4, 0)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void brokenBytesAreDecodedAsTheJvmDoes(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(9)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) BYTES[random.nextInt(BYTES.length)];
      }
      assertThat(Utf8.decode(bytes, 0, bytes.length))
          .as(HexFormat.of().formatHex(bytes))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void brokenSurrogatesAreEncodedAsTheJvmDoes(long seed) {
    Random random = new Random(seed);
    char[] alphabet = {'a', 'ü', '€', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000', '\uffff'};
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(6); length > 0; length--) {
        text.append(alphabet[random.nextInt(alphabet.length)]);
      }
      assertThat(Utf8.encode(text.toString()))
          .isEqualTo(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
