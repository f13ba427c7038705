package dev.nametag.naming;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Values that try to be something else, and the metrics that tests write them into. */
final class Samples {
  /** Texts that look like structure, markers or other values' encodings. */
  static final List<String> ADVERSARIAL =
      List.of(
          "",
          "_",
          "__",
          "___",
          "alice",
          "a-b",
          "a.b",
          "a@b",
          "a b",
          "a_b",
          "a_2db",
          "a_5f2db",
          "x___group___admin",
          "x__group__admin",
          "__group__admin",
          "none",
          "_none",
          "_5fnone",
          "other",
          "_other",
          "_5fother",
          "~other",
          "~empty",
          "empty",
          "~",
          "\"quoted\"",
          "_22quoted_22",
          "~_22quoted_22",
          "ünï",
          "_c3_bcn_c3_af",
          "~_c3_bcn_c3_af",
          "é",
          "_c3_a9",
          "\uD83D\uDE00",
          "_h",
          "alice_h0123456789abcdef0123456789abcdef",
          "alice_5fh0123456789abcdef0123456789abcdef",
          "_bucket",
          "_sum",
          "_count",
          "x_rq_200",
          "_rq_2xx",
          ";.;user=.=admin;.;",
          "cache.foo.bar",
          "rbac.allowed",
          "${1}",
          "$1",
          "\n",
          "\0",
          "9",
          "9lives",
          ".",
          "a..");

  /** Hashing such a value takes long; a few hundred in a million are enough. */
  private static final int LONG_VALUE_EVERY = 2000;

  private Samples() {}

  static Label label(String name) {
    return new Label(name, List.of(new Constant("")), name);
  }

  static Metric metric(String name, String... labels) {
    return new Metric(
        name,
        new Count(java.util.EnumSet.allOf(Outcome.class), Count.CodeCondition.ANY),
        Arrays.stream(labels).map(Samples::label).toList());
  }

  /**
   * Returns a value: sometimes adversarial, sometimes any bytes, sometimes a marker, long or not.
   */
  static LabelValue value(Random random) {
    if (random.nextInt(LONG_VALUE_EVERY) == 0) {
      byte[] tenKilobytes = new byte[10 * 1024];
      Arrays.fill(tenKilobytes, (byte) "a_-".charAt(random.nextInt(3)));
      tenKilobytes[random.nextInt(tenKilobytes.length)] = (byte) random.nextInt(256);
      return LabelValue.of(tenKilobytes);
    }
    return switch (random.nextInt(8)) {
      case 0 -> LabelValue.ABSENT;
      case 1 -> LabelValue.OTHER;
      case 2 -> {
        byte[] any = new byte[random.nextInt(12)];
        random.nextBytes(any);
        yield LabelValue.of(any);
      }
      case 3 -> {
        byte[] markerLetters = new byte[random.nextInt(6)];
        for (int i = 0; i < markerLetters.length; i++) {
          markerLetters[i] = (byte) "_haf05none".charAt(random.nextInt(10));
        }
        yield LabelValue.of(markerLetters);
      }
      case 4 -> LabelValue.of(adversarial(random) + adversarial(random));
      case 5 -> LabelValue.of(new LosslessCodec(16).encode(LabelValue.of(adversarial(random))));
      case 6 -> {
        byte[] nearTheBound = new byte[14 + random.nextInt(5)];
        Arrays.fill(nearTheBound, (byte) 'a');
        nearTheBound[nearTheBound.length - 1] = (byte) random.nextInt(256);
        yield LabelValue.of(nearTheBound);
      }
      default -> LabelValue.of(adversarial(random));
    };
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String adversarial(Random random) {
    return ADVERSARIAL.get(random.nextInt(ADVERSARIAL.size()));
  }
}
