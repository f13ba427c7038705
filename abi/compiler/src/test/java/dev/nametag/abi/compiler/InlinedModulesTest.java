package dev.nametag.abi.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wabt.Wat2Wasm;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A law: what comes out of the compactor does what went in, whatever the functions are. */
class InlinedModulesTest {
  private static final int MODULES = 40;
  private static final int CALLS = 3;

  @ParameterizedTest(name = "seeds from {0} on")
  @ValueSource(ints = {0, 1000, 2000, 3000})
  void anInlinedModuleDoesWhatTheModuleDid(int first) {
    int changed = 0;
    int traces = 0;
    for (int seed = first; seed < first + MODULES; seed++) {
      RandomModule module = new RandomModule(seed);
      byte[] before = Wat2Wasm.parse(module.text());
      byte[] after =
          DeadFunctions.emptied(Compactor.compact(new WasmBinary(before), true)).toByteArray();

      List<String> expected = trace(before, module, seed);
      assertThat(trace(after, module, seed)).as("seed %s", seed).isEqualTo(expected);
      changed += Arrays.equals(before, after) ? 0 : 1;
      traces += expected.size();
    }
    // Without calls of its own functions a module may stay as it is.
    assertThat(changed).isGreaterThan(MODULES / 2);
    // Results, and calls of the host.
    assertThat(traces).isGreaterThan(2 * MODULES * CALLS * RandomModule.FUNCTIONS + 4 * MODULES);
  }

  /** Returns all that can be seen of some calls: what the host is asked, results, memory, state. */
  private static List<String> trace(byte[] binary, RandomModule module, int seed) {
    List<String> trace = new ArrayList<>();
    HostFunction host =
        new HostFunction(
            "env",
            "host",
            FunctionType.of(List.of(ValType.I32, ValType.I64), List.of(ValType.I32)),
            (instance, arguments) -> {
              trace.add("host " + Arrays.toString(arguments));
              return new long[] {arguments[0] % 7 + trace.size() % 5};
            });
    Instance instance =
        Instance.builder(Parser.parse(binary))
            .withImportValues(ImportValues.builder().addFunction(host).build())
            .build();
    Random random = new Random(seed);
    for (int i = 0; i < CALLS; i++) {
      for (RandomModule.Function function : module.functions()) {
        long[] arguments = new long[function.parameters().size()];
        for (int j = 0; j < arguments.length; j++) {
          arguments[j] = argument(function.parameters().get(j), random);
        }
        long[] ignored = instance.export("start").apply();
        long[] results = instance.export("f" + function.number()).apply(arguments);
        trace.add("f" + function.number() + " " + Arrays.toString(results));
        trace.add("state " + instance.export("state").apply()[0]);
      }
    }
    trace.add("memory " + Arrays.hashCode(instance.memory().readBytes(0, 1 << 16)));
    return trace;
  }

  private static long argument(String type, Random random) {
    int number = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(20) - 5;
    return switch (type) {
      case "i32" -> number;
      case "i64" -> random.nextLong();
      case "f32" -> Float.floatToRawIntBits(number / 4f);
      default -> Double.doubleToRawLongBits(number / 4d);
    };
  }
}
