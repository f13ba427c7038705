package dev.nametag.abi.compiler;

import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.FieldReference;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.instructions.GetFieldInstruction;
import org.teavm.model.instructions.InitClassInstruction;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.PutFieldInstruction;

/** Changes whom the methods of a class mean. */
final class Calls {
  private Calls() {}

  /** Makes the calls of a static method calls of one of the same type. */
  static void redirect(
      ClassHolder cls, String owner, String name, String newOwner, String newName) {
    int redirected = 0;
    for (MethodHolder method : cls.getMethods()) {
      if (method.getProgram() == null) {
        continue;
      }
      for (BasicBlock block : method.getProgram().getBasicBlocks()) {
        for (Instruction instruction : block) {
          if (instruction instanceof InvokeInstruction call
              && call.getMethod().getClassName().equals(owner)
              && call.getMethod().getName().equals(name)) {
            call.setMethod(new MethodReference(newOwner, newName, call.getMethod().getSignature()));
            redirected++;
          }
        }
      }
    }
    if (redirected == 0) {
      throw new IllegalStateException(cls.getName() + " does not call " + name);
    }
  }

  /** Makes all uses of a class, of its methods and its fields, uses of another one. */
  static void rename(ClassHolder cls, String from, String to) {
    for (MethodHolder method : cls.getMethods()) {
      if (method.getProgram() == null) {
        continue;
      }
      for (BasicBlock block : method.getProgram().getBasicBlocks()) {
        for (Instruction instruction : block) {
          rename(instruction, from, to);
        }
      }
    }
  }

  private static void rename(Instruction instruction, String from, String to) {
    if (instruction instanceof InvokeInstruction call) {
      if (call.getMethod().getClassName().equals(from)) {
        call.setMethod(new MethodReference(to, call.getMethod().getDescriptor()));
      }
    } else if (instruction instanceof GetFieldInstruction get) {
      if (get.getField().getClassName().equals(from)) {
        get.setField(new FieldReference(to, get.getField().getFieldName()));
      }
    } else if (instruction instanceof PutFieldInstruction put) {
      if (put.getField().getClassName().equals(from)) {
        put.setField(new FieldReference(to, put.getField().getFieldName()));
      }
    } else if (instruction instanceof InitClassInstruction init) {
      if (init.getClassName().equals(from)) {
        init.setClassName(to);
      }
    }
  }
}
