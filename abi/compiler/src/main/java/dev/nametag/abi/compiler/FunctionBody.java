package dev.nametag.abi.compiler;

import static dev.nametag.abi.compiler.Instruction.BLOCK;
import static dev.nametag.abi.compiler.Instruction.BR;
import static dev.nametag.abi.compiler.Instruction.BR_IF;
import static dev.nametag.abi.compiler.Instruction.CALL;
import static dev.nametag.abi.compiler.Instruction.ELSE;
import static dev.nametag.abi.compiler.Instruction.END;
import static dev.nametag.abi.compiler.Instruction.I32_ADD;
import static dev.nametag.abi.compiler.Instruction.I32_CONST;
import static dev.nametag.abi.compiler.Instruction.I32_EQ;
import static dev.nametag.abi.compiler.Instruction.I32_EQZ;
import static dev.nametag.abi.compiler.Instruction.I32_LOAD;
import static dev.nametag.abi.compiler.Instruction.I32_MUL;
import static dev.nametag.abi.compiler.Instruction.I32_STORE;
import static dev.nametag.abi.compiler.Instruction.I32_SUB;
import static dev.nametag.abi.compiler.Instruction.I64_CONST;
import static dev.nametag.abi.compiler.Instruction.IF;
import static dev.nametag.abi.compiler.Instruction.LOCAL_GET;
import static dev.nametag.abi.compiler.Instruction.LOCAL_SET;
import static dev.nametag.abi.compiler.Instruction.LOCAL_TEE;
import static dev.nametag.abi.compiler.Instruction.LOOP;
import static dev.nametag.abi.compiler.Instruction.RETURN;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/** The instructions of one function, and what {@link Compactor} does with them. */
final class FunctionBody {
  private static final int I32 = 0x7f;
  private static final int I64 = 0x7e;

  // The types of the locals that are no parameters.
  private byte[] locals;
  private List<Instruction> code;

  /** The local that holds the frame's address, -1 if there is no frame. */
  private final int frame;

  private FunctionBody(byte[] locals, List<Instruction> code, int frame) {
    this.locals = locals;
    this.code = code;
    this.frame = frame;
  }

  static FunctionBody read(WasmReader body, int allocStack) {
    ByteArrayOutputStream locals = new ByteArrayOutputStream();
    for (int groups = body.count(); groups > 0; groups--) {
      int count = body.unsigned();
      int type = body.byteValue();
      for (int i = 0; i < count; i++) {
        locals.write(type);
      }
    }
    List<Instruction> code = Instruction.readAll(body);
    return new FunctionBody(locals.toByteArray(), code, frameOf(code, allocStack));
  }

  private static int frameOf(List<Instruction> code, int allocStack) {
    for (int i = 0; i + 1 < code.size(); i++) {
      if (code.get(i).is(CALL, allocStack) && code.get(i + 1).opcode() == LOCAL_SET) {
        return (int) code.get(i + 1).operand();
      }
    }
    return -1;
  }

  /**
   * Returns where the table lies that this function looks call sites up in, entries of 8 bytes; 0
   * if it does not.
   */
  int callSiteTable() {
    for (int i = 0; i < code.size(); i++) {
      if (matches(i, I32_CONST, LOCAL_GET, I32_CONST, I32_MUL, I32_ADD, I32_LOAD)
          && code.get(i + 2).operand() == 8
          && code.get(i + 5).operand() == 0) {
        return (int) code.get(i).operand();
      }
    }
    return 0;
  }

  List<Instruction> code() {
    return List.copyOf(code);
  }

  /** Puts instructions in the place of calls; a function of which is null stays a call. */
  void replaceCalls(LongFunction<List<Instruction>> replacements) {
    List<Instruction> changed = new ArrayList<>();
    for (Instruction instruction : code) {
      List<Instruction> replacement =
          instruction.opcode() == CALL ? replacements.apply(instruction.operand()) : null;
      if (replacement == null) {
        changed.add(instruction);
      } else {
        changed.addAll(replacement);
      }
    }
    code = changed;
  }

  /** Returns whether there is a frame on TeaVM's stack while this runs. */
  boolean hasFrame() {
    return frame >= 0;
  }

  /**
   * Puts the bodies of functions in the place of calls of them, each as a block with locals of its
   * own. Neither this nor those may have a frame.
   *
   * @param parameters how many this has
   * @param bodies what stands for a call of a function, null if the call stays
   */
  void expandCalls(
      int parameters, LongFunction<FunctionBody> bodies, LongFunction<FunctionType> types) {
    List<Instruction> changed = new ArrayList<>();
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    more.writeBytes(locals);
    for (Instruction instruction : code) {
      FunctionBody body = instruction.opcode() == CALL ? bodies.apply(instruction.operand()) : null;
      if (body == null || body.hasFloats()) {
        changed.add(instruction);
      } else {
        FunctionType type = types.apply(instruction.operand());
        int first = parameters + more.size();
        more.writeBytes(type.parameters());
        more.writeBytes(body.locals);
        changed.addAll(body.asBlock(type, first));
      }
    }
    locals = more.toByteArray();
    code = changed;
  }

  private boolean hasFloats() {
    for (byte type : locals) {
      if (type != I32 && type != I64) {
        return true;
      }
    }
    return false;
  }

  /** Returns what does the same with the arguments on the stack and locals from an index on. */
  private List<Instruction> asBlock(FunctionType type, int first) {
    List<Instruction> block = new ArrayList<>();
    int parameters = type.parameters().length;
    for (int i = parameters - 1; i >= 0; i--) {
      block.add(Instruction.of(LOCAL_SET, first + i));
    }
    // In a loop they are not new.
    BitSet readFirst = readFirst();
    for (int i = 0; i < locals.length; i++) {
      if (readFirst.get(parameters + i)) {
        block.add(Instruction.of(locals[i] == I32 ? I32_CONST : I64_CONST, 0));
        block.add(Instruction.of(LOCAL_SET, first + parameters + i));
      }
    }
    block.add(Instruction.of(BLOCK, type.result()));
    int depth = 0;
    for (Instruction instruction : code) {
      int opcode = instruction.opcode();
      if (opcode == BLOCK || opcode == LOOP || opcode == IF) {
        depth++;
      } else if (opcode == END) {
        depth--;
      }
      if (isLocal(instruction)) {
        block.add(Instruction.of(opcode, first + (int) instruction.operand()));
      } else if (opcode == RETURN) {
        block.add(Instruction.of(BR, depth));
      } else {
        block.add(instruction);
      }
    }
    return block;
  }

  /**
   * Returns the locals that can be read before they are set: all but those that are set, at the
   * same level or further out, before each place that reads them.
   */
  private BitSet readFirst() {
    BitSet read = new BitSet();
    Deque<BitSet> outside = new ArrayDeque<>();
    BitSet set = new BitSet();
    for (Instruction instruction : code) {
      switch (instruction.opcode()) {
        case BLOCK, LOOP, IF -> outside.push((BitSet) set.clone());
        case ELSE -> set = (BitSet) outside.element().clone();
        case END -> set = outside.isEmpty() ? set : outside.pop();
        case LOCAL_SET, LOCAL_TEE -> set.set((int) instruction.operand());
        case LOCAL_GET -> {
          if (!set.get((int) instruction.operand())) {
            read.set((int) instruction.operand());
          }
        }
        default -> {}
      }
    }
    return read;
  }

  WasmWriter write() {
    WasmWriter out = new WasmWriter();
    ByteArrayOutputStream groups = new ByteArrayOutputStream();
    int count = 0;
    for (int i = 0; i < locals.length; ) {
      int end = i;
      while (end < locals.length && locals[end] == locals[i]) {
        end++;
      }
      groups.writeBytes(new WasmWriter().unsigned(end - i).byteValue(locals[i]).toByteArray());
      count++;
      i = end;
    }
    out.unsigned(count).bytes(groups.toByteArray());
    for (Instruction instruction : code) {
      instruction.writeTo(out);
    }
    return out;
  }

  /** With handlers around a call, what comes back is looked at more closely than by br_if. */
  private boolean hasFrameWithoutHandlers() {
    if (frame < 0) {
      return false;
    }
    for (int i = 0; i < code.size(); i++) {
      if (readsCallSite(i) && !isCheck(i)) {
        return false;
      }
    }
    return true;
  }

  /** Makes all call sites call site 0, if none of them has handlers. */
  void shareCallSite() {
    if (!hasFrameWithoutHandlers()) {
      return;
    }
    List<Instruction> changed = new ArrayList<>();
    int i = 0;
    while (i < code.size()) {
      if (isRegister(i)) {
        i += 3;
      } else if (isCheck(i)) {
        changed.add(code.get(i));
        changed.add(code.get(i + 1));
        changed.add(code.get(i + 4));
        i += 5;
      } else {
        changed.add(code.get(i));
        i++;
      }
    }
    code = changed;
  }

  /** {@code frame.callSite = N}. */
  private boolean isRegister(int i) {
    return matches(i, LOCAL_GET, I32_CONST, I32_STORE)
        && code.get(i).operand() == frame
        && code.get(i + 2).operand() == 0;
  }

  private boolean readsCallSite(int i) {
    return matches(i, LOCAL_GET, I32_LOAD)
        && code.get(i).operand() == frame
        && code.get(i + 1).operand() == 0;
  }

  /** {@code if (frame.callSite - N != 0) leave}. */
  private boolean isCheck(int i) {
    return readsCallSite(i) && matches(i, LOCAL_GET, I32_LOAD, I32_CONST, I32_SUB, BR_IF);
  }

  /** {@code if (frame.callSite != 0) leave}. */
  private boolean isSharedCheck(int i) {
    return readsCallSite(i) && matches(i, LOCAL_GET, I32_LOAD, BR_IF);
  }

  /**
   * Leaves values on the operand stack that TeaVM puts into a local only to take them out again at
   * once or right after the check that follows a call.
   */
  void keepOnStack() {
    boolean[] needed = neededLocals();
    List<Instruction> changed = new ArrayList<>();
    int i = 0;
    while (i < code.size()) {
      int get = getAfterSet(i);
      if (get < 0) {
        changed.add(code.get(i));
        i++;
      } else if (!needed[(int) code.get(i).operand()]) {
        changed.addAll(code.subList(i + 1, get));
        i = get + 1;
      } else if (get == i + 1) {
        changed.add(Instruction.of(LOCAL_TEE, (int) code.get(i).operand()));
        i = get + 1;
      } else {
        changed.add(code.get(i));
        i++;
      }
    }
    code = changed;
  }

  /** Says which locals are read anywhere else. */
  private boolean[] neededLocals() {
    int max = 0;
    for (Instruction instruction : code) {
      if (isLocal(instruction)) {
        max = Math.max(max, (int) instruction.operand());
      }
    }
    boolean[] needed = new boolean[max + 1];
    int i = 0;
    while (i < code.size()) {
      int get = getAfterSet(i);
      if (get >= 0) {
        i = get + 1;
        continue;
      }
      Instruction instruction = code.get(i);
      if (isLocal(instruction)) {
        needed[(int) instruction.operand()] = true;
      }
      i++;
    }
    return needed;
  }

  /** Returns where the value that is set here is taken again, or -1 if that is not so near. */
  private int getAfterSet(int i) {
    if (code.get(i).opcode() != LOCAL_SET || code.get(i).operand() == frame) {
      return -1;
    }
    int get = i + 1 < code.size() && isSharedCheck(i + 1) ? i + 4 : i + 1;
    boolean same = get < code.size() && code.get(get).is(LOCAL_GET, code.get(i).operand());
    return same ? get : -1;
  }

  private static boolean isLocal(Instruction instruction) {
    return instruction.opcode() == LOCAL_GET
        || instruction.opcode() == LOCAL_SET
        || instruction.opcode() == LOCAL_TEE;
  }

  /** Takes away double negations in front of branches, and compares with zero as one does. */
  void simplifyTests() {
    List<Instruction> changed = new ArrayList<>();
    int i = 0;
    while (i < code.size()) {
      if (matches(i, I32_EQZ, I32_EQZ, BR_IF) || matches(i, I32_EQZ, I32_EQZ, IF)) {
        i += 2;
      } else if (matches(i, I32_CONST, I32_EQ) && code.get(i).operand() == 0) {
        changed.add(Instruction.of(I32_EQZ));
        i += 2;
      } else {
        changed.add(code.get(i));
        i++;
      }
    }
    code = changed;
  }

  private boolean matches(int at, int... opcodes) {
    if (at + opcodes.length > code.size()) {
      return false;
    }
    for (int i = 0; i < opcodes.length; i++) {
      if (code.get(at + i).opcode() != opcodes[i]) {
        return false;
      }
    }
    return true;
  }
}
