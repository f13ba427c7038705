package dev.nametag.hostsim.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.stream.StreamCases.Row;
import dev.nametag.hostsim.testing.Guests;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulator against {@link StreamCases}. */
class StreamCasesTest {

  static Stream<Row> rows() {
    return StreamCases.rows();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void theStreamHas(Row row) {
    try (SimulatedEnvoy envoy = Guests.start(Guests.loggingCallbacks())) {
      int before = Guests.logged(envoy).size();

      StreamResult result = envoy.play(row.script()).result();

      List<String> logged = Guests.logged(envoy);
      assertThat(String.join(", ", logged.subList(before, logged.size())))
          .isEqualTo(row.callbacks());
      assertThat(result.code())
          .isEqualTo(row.clientCode() < 0 ? OptionalInt.empty() : OptionalInt.of(row.clientCode()));
      assertThat(flags(result.flags())).isEqualTo(row.flags());
      assertThat(result.details()).isEqualTo(row.details());
      OptionalLong found = envoy.stats().gauge("wasmcustom.result of code in log");
      assertThat(found).hasValue(row.loggedCode() < 0 ? 1 : 0);
      if (row.loggedCode() >= 0) {
        assertThat(envoy.stats().gauge("wasmcustom.code in log")).hasValue(row.loggedCode());
      }
    }
  }

  private static String flags(long bits) {
    StringBuilder names = new StringBuilder();
    for (ResponseFlag flag : ResponseFlag.values()) {
      if ((bits & flag.bit()) != 0) {
        names.append(names.length() == 0 ? "" : ",").append(flag.shortName());
      }
    }
    return names.toString();
  }
}
