package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Functions that can be called keep their bodies: those that the host, the start or a table has,
 * and those that they call. Source: WebAssembly specification 1.0, section 2.5.
 */
class DeadFunctionsTest {
  private static final String FUNCTIONS =
      """
        (import "env" "a" (func $a))
        (import "env" "b" (func $b))
        (global $g (mut i32) (i32.const 0))
        (func $zero (global.set $g (i32.const 0)) (call $one))
        (func $one (global.set $g (i32.const 1)) (call $b))
        (func $two (global.set $g (i32.const 2)) (block (loop (br_if 1 (global.get $g)) (call $three))))
        (func $three (global.set $g (i32.const 3)) (call $two))
        (func $four (global.set $g (i32.const 4)) (call $a))
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(export \"f\" (func $zero))                                     | 0 1",
        "(export \"f\" (func $one)) (export \"g\" (global $g))           | 1",
        "(export \"f\" (func $a))                                        | ''",
        "(start $zero)                                                   | 0 1",
        "(start $four) (export \"f\" (func $three))                      | 2 3 4",
        "(table 3 funcref) (elem (i32.const 1) $two $b)                  | 2 3",
        "(table 3 funcref) (elem (i32.const 0) $one) (elem (i32.const 2) $four) | 1 4",
        "''                                                              | ''",
      })
  void whatCanBeCalledStays(String roots, String alive) {
    byte[] module = Wat2Wasm.parse("(module " + FUNCTIONS + roots + ")");

    assertThat(String.join(" ", alive(DeadFunctions.emptied(new WasmBinary(module)))))
        .isEqualTo(alive);
  }

  private static List<String> alive(WasmBinary binary) {
    WasmReader code = new WasmReader(binary.content(WasmBinary.CODE_SECTION));
    List<String> alive = new ArrayList<>();
    int functions = code.count();
    for (int i = 0; i < functions; i++) {
      int size = code.unsigned();
      code.skip(size);
      // No locals, unreachable, end.
      if (size > 3) {
        alive.add(Integer.toString(i));
      }
    }
    return alive;
  }
}
