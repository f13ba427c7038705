package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts the smallest functions in the place of calls to them: those that take their arguments once
 * and in order, and then do something simple, such as a load. Engines up to V8 12 do not do it
 * themselves, and a call is hardly smaller than what it calls.
 */
final class Inliner {
  private static final int MAX_INSTRUCTIONS = 8;

  private final int imports;
  private final int[] parameters;
  private final List<FunctionBody> functions;

  /** Takes all functions of a module. */
  Inliner(WasmBinary binary, int imports, List<FunctionBody> functions) {
    this.imports = imports;
    this.functions = functions;
    int[] ofType = parametersByType(new WasmReader(binary.content(WasmBinary.TYPE_SECTION)));
    WasmReader types = new WasmReader(binary.content(WasmBinary.FUNCTION_SECTION));
    parameters = new int[types.count()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = ofType[types.unsigned()];
    }
  }

  private static int[] parametersByType(WasmReader types) {
    int[] parameters = new int[types.count()];
    for (int i = 0; i < parameters.length; i++) {
      // The form of function types, then two vectors of one byte each.
      types.skip(1);
      parameters[i] = types.count();
      types.skip(parameters[i]);
      types.skip(types.count());
    }
    return parameters;
  }

  /** Replaces calls in all functions. */
  void inline() {
    List<List<Instruction>> replacements = new ArrayList<>();
    for (int i = 0; i < functions.size(); i++) {
      replacements.add(replacement(functions.get(i).code(), parameters[i]));
    }
    for (FunctionBody function : functions) {
      function.replaceCalls(
          index -> index < imports ? null : replacements.get((int) index - imports));
    }
  }

  /** Returns what stands for a call when the arguments are on the stack; null if nothing does. */
  private static List<Instruction> replacement(List<Instruction> code, int parameters) {
    if (code.size() > parameters + MAX_INSTRUCTIONS) {
      return null;
    }
    int taken = 0;
    while (taken < code.size() && code.get(taken).is(Instruction.LOCAL_GET, taken)) {
      taken++;
    }
    List<Instruction> replacement = new ArrayList<>();
    if (taken == 0) {
      for (int i = 0; i < parameters; i++) {
        replacement.add(Instruction.of(Instruction.DROP));
      }
    } else if (taken != parameters) {
      return null;
    }
    int last = code.size() - 1;
    for (Instruction instruction : code.subList(taken, last)) {
      if (!instruction.isPlain()) {
        return null;
      }
      replacement.add(instruction);
    }
    return replacement;
  }
}
