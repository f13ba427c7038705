package dev.nametag.plugin;

import dev.nametag.naming.LabelValue;
import dev.nametag.naming.LosslessCodec;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Values that try to be structure, markers, other values' texts, or what a host looks for. */
final class AdversarialValues {
  /** More than all of them together is cut. */
  static final int VALUE_BYTES = 48;

  /** Separated by white space; some of that is a piece, too. */
  private static final String PIECES =
      """
      alice a 0 _ __ - . @ / : + ~ ; = ;.; =.= user group namespace user=.= ;.;group=.=admin;.;
      __group__admin cache. component. tag. wasm_filter. rbac. rbac.allowed rbac.denied
      .istio_dry_run_allow_ .istio_dry_run_deny_ istio_dry_run_allow_ .shadow_ .shadow_allowed
      shadow_denied .zone. .zone zone. circuit_breakers. circuit_breakers transport_socket_match.
      http_local_rate_limit wasmcustom. cluster. http. listener. _rq_200 _rq_2xx rq rq@1 rq_401 rq`9
      xx 200 none _none other _other ~other ~empty empty _h _2d _5f _c3_a9 é ü \uD83D\uDE00 " \\ $1
      ${1} { } , _bucket _count h0123456789abcdef0123456789abcdef
      """;

  private static final List<String> SPACES = List.of(" ", "\n", "\r", "\0", "rq 0");

  private static final List<String> ALL =
      Stream.concat(PIECES.lines().flatMap(line -> Stream.of(line.split(" "))), SPACES.stream())
          .toList();

  private AdversarialValues() {}

  /** Returns any value. */
  static LabelValue next(Random random) {
    int kind = random.nextInt(20);
    if (kind == 0) {
      return LabelValue.ABSENT;
    }
    if (kind == 1) {
      return LabelValue.OTHER;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int pieces = random.nextInt(5); pieces > 0; pieces--) {
      if (random.nextInt(8) == 0) {
        bytes.write(random.nextInt(256));
      } else {
        bytes.writeBytes(LabelValue.of(ALL.get(random.nextInt(ALL.size()))).toBytes());
      }
    }
    LabelValue value = LabelValue.of(bytes.toByteArray());
    return kind == 2 ? LabelValue.of(new LosslessCodec(VALUE_BYTES).encode(value)) : value;
  }
}
