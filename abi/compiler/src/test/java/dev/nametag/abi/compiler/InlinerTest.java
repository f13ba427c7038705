package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wabt.Wat2Wasm;
import com.dylibso.chicory.wasm.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put in the place of calls does what they did. */
class InlinerTest {
  /** Early returns from nested blocks, locals that start at 0 each time, both types, recursion. */
  private static final String MODULE =
      """
      (module
        (table 1 funcref)
        (elem (i32.const 0) $fromTable)
        (type $number (func (param i32) (result i32)))
        (global $calls (mut i32) (i32.const 0))
        (func $called
          (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
        (func $bits (param $n i32) (result i32) (local $count i32)
          (call $called)
          (block $done
            (loop $next
              (if (i32.eqz (local.get $n)) (then (return (local.get $count))))
              (if (i32.gt_s (local.get $count) (i32.const 5)) (then (br $done)))
              (local.set $count (i32.add (local.get $count) (i32.and (local.get $n) (i32.const 1))))
              (local.set $n (i32.shr_u (local.get $n) (i32.const 1)))
              (br $next)))
          (i32.const 99))
        (func $square (param $n i64) (result i64) (local $copy i64)
          (call $called)
          (if (i64.lt_s (local.get $n) (i64.const 0)) (then (return (local.get $copy))))
          (local.set $copy (local.get $n))
          (i64.mul (local.get $n) (local.get $copy)))
        (func $factorial (param $n i32) (result i32)
          (call $called)
          (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
            (then (i32.const 1))
            (else (i32.mul (local.get $n) (call $factorial (i32.sub (local.get $n) (i32.const 1)))))))
        (func $fromTable (type $number) (i32.add (call $bits (local.get 0)) (i32.const 1000)))
        (func $dead (result i32) (i32.const 7))
        (func (export "run") (param $n i32) (result i64) (local $i i32) (local $sum i64)
          (loop $next
            (local.set $sum (i64.add (local.get $sum)
              (i64.extend_i32_s (call $bits (i32.add (local.get $n) (local.get $i))))))
            (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 3))
              (call $square (i64.extend_i32_s (i32.sub (local.get $i) (i32.const 2))))))
            (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_s
              (call_indirect (type $number) (local.get $i) (i32.const 0)))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $next (i32.lt_s (local.get $i) (i32.const 6))))
          (i64.add (local.get $sum) (i64.extend_i32_s (call $factorial (i32.and (local.get $n) (i32.const 7))))))
        (func (export "calls") (result i32) (global.get $calls)))
      """;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 63, 255, 1023, -1, Integer.MAX_VALUE})
  void resultsAndEffectsAreTheSame(int number) {
    byte[] before = Wat2Wasm.parse(MODULE);
    byte[] after = inlined(before);

    assertThat(after).isNotEqualTo(before);
    assertThat(run(after, number)).isEqualTo(run(before, number));
  }

  @Test
  void whatNothingCallsIsEmpty() {
    WasmReader code =
        new WasmReader(
            new WasmBinary(inlined(Wat2Wasm.parse(MODULE))).content(WasmBinary.CODE_SECTION));
    int empty = 0;
    for (int left = code.count(); left > 0; left--) {
      int size = code.unsigned();
      empty += size == 3 && code.part(size).byteValue() == 0 ? 1 : 0;
      if (size != 3) {
        code.skip(size);
      }
    }
    // called, bits, square and dead; factorial calls itself, and the table has fromTable.
    assertThat(empty).isEqualTo(4);
  }

  private static byte[] inlined(byte[] module) {
    return DeadFunctions.emptied(Compactor.compact(new WasmBinary(module), true)).toByteArray();
  }

  private static long[] run(byte[] module, int number) {
    Instance instance = Instance.builder(Parser.parse(module)).build();
    long result = instance.export("run").apply(number)[0];
    return new long[] {result, instance.export("calls").apply()[0]};
  }
}
