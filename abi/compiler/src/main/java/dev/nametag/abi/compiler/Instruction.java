package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * One instruction. Source: WebAssembly specification 1.0, section 5.4 (instructions), with bulk
 * memory, sign extension and saturating conversions.
 */
final class Instruction {
  static final int BLOCK = 0x02;
  static final int LOOP = 0x03;
  static final int END = 0x0b;
  static final int BR = 0x0c;
  static final int BR_IF = 0x0d;
  static final int IF = 0x04;
  static final int ELSE = 0x05;
  static final int RETURN = 0x0f;
  static final int CALL = 0x10;
  static final int DROP = 0x1a;
  static final int LOCAL_GET = 0x20;
  static final int LOCAL_SET = 0x21;
  static final int LOCAL_TEE = 0x22;
  static final int I32_LOAD = 0x28;
  static final int I32_STORE = 0x36;
  static final int I32_CONST = 0x41;
  static final int I32_EQZ = 0x45;
  static final int I32_EQ = 0x46;
  static final int I32_ADD = 0x6a;
  static final int I32_SUB = 0x6b;
  static final int I32_MUL = 0x6c;

  static final int I64_CONST = 0x42;
  private static final int FIRST_MEMORY_ACCESS = 0x28;
  private static final int LAST_MEMORY_ACCESS = 0x3e;
  private static final int FIRST_WITHOUT_IMMEDIATE = 0x45;
  private static final int LAST_WITHOUT_IMMEDIATE = 0xc4;
  private static final int MORE = 0xfc;

  private final int opcode;
  private final long operand;
  private final byte[] encoded;

  private Instruction(int opcode, long operand, byte[] encoded) {
    this.opcode = opcode;
    this.operand = operand;
    this.encoded = encoded;
  }

  /** Returns an instruction whose one immediate is an unsigned number. */
  static Instruction of(int opcode, int operand) {
    byte[] encoded = new WasmWriter().byteValue(opcode).unsigned(operand).toByteArray();
    return new Instruction(opcode, operand, encoded);
  }

  /** Returns an instruction without immediates. */
  static Instruction of(int opcode) {
    return new Instruction(opcode, 0, new byte[] {(byte) opcode});
  }

  /** Reads instructions up to the end of the reader. */
  static List<Instruction> readAll(WasmReader reader) {
    List<Instruction> instructions = new ArrayList<>();
    while (reader.hasMore()) {
      int start = reader.at();
      int opcode = reader.byteValue();
      long operand = immediates(opcode, reader);
      instructions.add(new Instruction(opcode, operand, reader.since(start)));
    }
    return instructions;
  }

  int opcode() {
    return opcode;
  }

  /**
   * Returns the first immediate if it is a number: of a local, a function, a label or a constant;
   * for a load or store the offset; otherwise 0.
   */
  long operand() {
    return operand;
  }

  void writeTo(WasmWriter out) {
    out.bytes(encoded);
  }

  /** Returns whether this is the same instruction with the same operand. */
  boolean is(int opcode, long operand) {
    return this.opcode == opcode && this.operand == operand;
  }

  /** Returns whether this neither changes the flow nor depends on locals. */
  boolean isPlain() {
    return opcode == CALL
        || opcode == I32_CONST
        || opcode == I64_CONST
        || (opcode >= FIRST_MEMORY_ACCESS && opcode <= LAST_MEMORY_ACCESS)
        || (opcode >= FIRST_WITHOUT_IMMEDIATE && opcode <= LAST_WITHOUT_IMMEDIATE);
  }

  private static long immediates(int opcode, WasmReader reader) {
    if (opcode >= FIRST_MEMORY_ACCESS && opcode <= LAST_MEMORY_ACCESS) {
      reader.unsigned();
      return reader.unsigned();
    }
    if (opcode >= FIRST_WITHOUT_IMMEDIATE && opcode <= LAST_WITHOUT_IMMEDIATE) {
      return 0;
    }
    switch (opcode) {
      // unreachable, nop, else, end, return, drop, select
      case 0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b -> {
        return 0;
      }
      // block, loop, if: the type
      case 0x02, 0x03, IF -> {
        return reader.signed();
      }
      // locals and globals
      case BR, BR_IF, CALL, LOCAL_GET, LOCAL_SET, LOCAL_TEE, 0x23, 0x24 -> {
        return reader.unsigned();
      }
      // br_table
      case 0x0e -> {
        for (int left = reader.count(); left >= 0; left--) {
          reader.unsigned();
        }
        return 0;
      }
      // call_indirect
      case 0x11 -> {
        int type = reader.unsigned();
        reader.unsigned();
        return type;
      }
      // memory.size, memory.grow
      case 0x3f, 0x40 -> {
        return reader.byteValue();
      }
      case I32_CONST, I64_CONST -> {
        return reader.signed();
      }
      // f32.const, f64.const
      case 0x43, 0x44 -> {
        reader.skip(opcode == 0x43 ? 4 : 8);
        return 0;
      }
      case MORE -> {
        int which = reader.unsigned();
        // memory.copy names two memories, memory.fill one, conversions none.
        reader.skip(which == 10 ? 2 : which == 11 ? 1 : 0);
        if (which > 7 && which != 10 && which != 11) {
          throw new IllegalArgumentException("unknown instruction 0xfc " + which);
        }
        return which;
      }
      default ->
          throw new IllegalArgumentException("unknown instruction " + Integer.toHexString(opcode));
    }
  }
}
