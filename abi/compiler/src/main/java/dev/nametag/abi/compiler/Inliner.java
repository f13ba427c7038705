package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts functions in the place of calls to them. Engines up to V8 12 do not do it themselves, and
 * later ones not often enough.
 *
 * <p>The smallest ones, which take their arguments once and in order and then do something simple,
 * such as a load, are hardly larger than a call; they are replaced everywhere. Others are put only
 * into functions without a frame on TeaVM's stack, which is what code without objects is, and only
 * if they have none either: if they are small, or called nowhere else.
 */
final class Inliner {
  private static final int MAX_INSTRUCTIONS = 8;
  private static final int SMALL = 40;
  private static final int LARGE = 1500;
  private static final int MAX_CALLER = 4000;

  private static final int NEW = 0;
  private static final int IN_WORK = 1;
  private static final int DONE = 2;

  private final int imports;
  private final List<FunctionType> types;
  private final List<FunctionBody> functions;
  private final int[] state;
  private final int[] callers;

  /** Takes all functions of a module. */
  Inliner(WasmBinary binary, int imports, List<FunctionBody> functions) {
    this.imports = imports;
    this.functions = functions;
    types = FunctionType.ofFunctions(binary);
    state = new int[types.size()];
    callers = new int[types.size()];
  }

  /** Replaces calls in all functions. */
  void inline() {
    // Twice, for what only calls what has been replaced.
    replaceSmallest();
    replaceSmallest();
    for (FunctionBody function : functions) {
      for (Instruction instruction : function.code()) {
        if (callsOwn(instruction)) {
          callers[(int) instruction.operand() - imports]++;
        }
      }
    }
    for (int i = 0; i < functions.size(); i++) {
      expand(i);
    }
  }

  private void replaceSmallest() {
    List<List<Instruction>> replacements = new ArrayList<>();
    for (int i = 0; i < functions.size(); i++) {
      replacements.add(replacement(functions.get(i).code(), types.get(i).parameters().length));
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

  /** Replaces calls in a function, after those in the functions that it calls. */
  private void expand(int index) {
    FunctionBody function = functions.get(index);
    if (state[index] != NEW || function.hasFrame()) {
      return;
    }
    state[index] = IN_WORK;
    for (Instruction instruction : function.code()) {
      if (callsOwn(instruction)) {
        expand((int) instruction.operand() - imports);
      }
    }
    function.expandCalls(
        types.get(index).parameters().length,
        called -> called < imports ? null : body((int) called - imports, function),
        called -> types.get((int) called - imports));
    state[index] = DONE;
  }

  private FunctionBody body(int index, FunctionBody caller) {
    FunctionBody body = functions.get(index);
    int size = body.code().size();
    boolean fits = size <= (callers[index] == 1 ? LARGE : SMALL);
    return state[index] == DONE && fits && caller.code().size() <= MAX_CALLER ? body : null;
  }

  private boolean callsOwn(Instruction instruction) {
    return instruction.opcode() == Instruction.CALL && instruction.operand() >= imports;
  }
}
