package dev.nametag.abi.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Empties functions that nothing calls any more, such as those that have been put in the place of
 * all calls to them. They keep their numbers. Source: WebAssembly specification 1.0, section 5.5.
 */
final class DeadFunctions {
  /** A body without locals: unreachable, end. */
  private static final byte[] EMPTY = {0, 0x00, 0x0b};

  private final List<byte[]> bodies = new ArrayList<>();
  private final BitSet alive = new BitSet();
  private final Deque<Integer> unread = new ArrayDeque<>();
  private final int imports;

  private DeadFunctions(WasmBinary binary) {
    int functions = 0;
    for (WasmBinary.Import each : binary.imports()) {
      functions += each.kind().equals("function") ? 1 : 0;
    }
    imports = functions;
    WasmReader code = new WasmReader(binary.content(WasmBinary.CODE_SECTION));
    for (int left = code.count(); left > 0; left--) {
      WasmReader body = code.part(code.unsigned());
      int start = body.at();
      body.skipAll();
      bodies.add(body.since(start));
    }
  }

  /** Returns the same module without them. */
  static WasmBinary emptied(WasmBinary binary) {
    DeadFunctions functions = new DeadFunctions(binary);
    for (WasmBinary.Export export : binary.exports()) {
      if (export.kind().equals("function")) {
        functions.keep(export.index());
      }
    }
    if (binary.has(WasmBinary.START_SECTION)) {
      functions.keep(new WasmReader(binary.content(WasmBinary.START_SECTION)).unsigned());
    }
    functions.keepElements(new WasmReader(binary.content(WasmBinary.ELEMENT_SECTION)));
    functions.follow();
    return binary.with(WasmBinary.CODE_SECTION, section -> functions.write());
  }

  private void keep(int function) {
    int index = function - imports;
    if (index >= 0 && !alive.get(index)) {
      alive.set(index);
      unread.add(index);
    }
  }

  /**
   * Keeps what tables have, of segments for table 0 with a constant offset; others are not read.
   */
  private void keepElements(WasmReader elements) {
    for (int segments = elements.count(); segments > 0; segments--) {
      if (elements.unsigned() != 0 || elements.byteValue() != Instruction.I32_CONST) {
        alive.set(0, bodies.size());
        return;
      }
      elements.signed();
      elements.skip(1);
      for (int left = elements.count(); left > 0; left--) {
        keep(elements.unsigned());
      }
    }
  }

  private void follow() {
    while (!unread.isEmpty()) {
      WasmReader body = new WasmReader(bodies.get(unread.remove()));
      for (int groups = body.count(); groups > 0; groups--) {
        body.unsigned();
        body.byteValue();
      }
      for (Instruction instruction : Instruction.readAll(body)) {
        if (instruction.opcode() == Instruction.CALL) {
          keep((int) instruction.operand());
        }
      }
    }
  }

  private byte[] write() {
    WasmWriter out = new WasmWriter().unsigned(bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      out.sized(new WasmWriter().bytes(alive.get(i) ? bodies.get(i) : EMPTY));
    }
    return out.toByteArray();
  }
}
