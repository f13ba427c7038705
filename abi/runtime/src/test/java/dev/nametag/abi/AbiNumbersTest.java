package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names and numbers, copied from the text of Proxy-Wasm ABI v0.2.1 (abi-versions/v0.2.1/README.md,
 * section Types).
 */
class AbiNumbersTest {
  @Test
  void logLevelsAreThoseOfTheText() {
    assertThat(LogLevel.values())
        .extracting(level -> level.code() + " " + level)
        .containsExactly("0 TRACE", "1 DEBUG", "2 INFO", "3 WARN", "4 ERROR", "5 CRITICAL");
  }

  @Test
  void resultsAreThoseOfTheText() {
    assertThat(WasmResult.values())
        .extracting(result -> result.code() + " " + result)
        .containsExactly(
            "0 OK",
            "1 NOT_FOUND",
            "2 BAD_ARGUMENT",
            "3 SERIALIZATION_FAILURE",
            "4 PARSE_FAILURE",
            "5 BAD_EXPRESSION",
            "6 INVALID_MEMORY_ACCESS",
            "7 EMPTY",
            "8 CAS_MISMATCH",
            "9 RESULT_MISMATCH",
            "10 INTERNAL_FAILURE",
            "11 BROKEN_CONNECTION",
            "12 UNIMPLEMENTED",
            "-1 UNKNOWN");
  }

  @Test
  void mapTypesAreThoseOfTheText() {
    assertThat(MapType.values())
        .extracting(type -> type.code() + " " + type)
        .containsExactly(
            "0 REQUEST_HEADERS",
            "1 REQUEST_TRAILERS",
            "2 RESPONSE_HEADERS",
            "3 RESPONSE_TRAILERS",
            "4 GRPC_CALL_INITIAL_METADATA",
            "5 GRPC_CALL_TRAILING_METADATA",
            "6 HTTP_CALL_RESPONSE_HEADERS",
            "7 HTTP_CALL_RESPONSE_TRAILERS");
  }

  @Test
  void bufferTypesAreThoseOfTheText() {
    assertThat(BufferType.values())
        .extracting(type -> type.code() + " " + type)
        .containsExactly(
            "0 HTTP_REQUEST_BODY",
            "1 HTTP_RESPONSE_BODY",
            "2 DOWNSTREAM_DATA",
            "3 UPSTREAM_DATA",
            "4 HTTP_CALL_RESPONSE_BODY",
            "5 GRPC_CALL_MESSAGE",
            "6 VM_CONFIGURATION",
            "7 PLUGIN_CONFIGURATION",
            "8 FOREIGN_FUNCTION_ARGUMENTS");
  }

  @Test
  void metricTypesAreThoseOfTheText() {
    assertThat(MetricType.values())
        .extracting(type -> type.code() + " " + type)
        .containsExactly("0 COUNTER", "1 GAUGE", "2 HISTOGRAM");
  }

  @Test
  void everyResultIsFoundByItsNumber() {
    List<WasmResult> found = new ArrayList<>();
    for (WasmResult result : WasmResult.values()) {
      found.add(WasmResult.of(result.code()));
    }

    assertThat(found).containsExactly(WasmResult.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -2, 13, 14, 255, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void anyOtherNumberIsUnknown(int code) {
    assertThat(WasmResult.of(code)).isEqualTo(WasmResult.UNKNOWN);
  }
}
