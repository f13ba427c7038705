package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.List;
import org.teavm.interop.Unmanaged;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassReader;
import org.teavm.model.ClassReaderSource;
import org.teavm.model.ElementModifier;
import org.teavm.model.FieldReader;
import org.teavm.model.Instruction;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.ValueType;
import org.teavm.model.Variable;
import org.teavm.model.instructions.CloneArrayInstruction;
import org.teavm.model.instructions.ConstructArrayInstruction;
import org.teavm.model.instructions.ConstructInstruction;
import org.teavm.model.instructions.IntegerConstantInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.runtime.ExceptionHandling;

/**
 * Puts a call of {@link HeapRoom} before each instruction that makes an object or an array. The
 * compiler takes every static method of {@link ExceptionHandling} whose name starts with {@code
 * throw} for one that may throw, so that the call is made to one there.
 */
final class RoomChecks {
  private static final MethodReference OBJECT =
      new MethodReference(ExceptionHandling.class, "throwIfNoRoom", int.class, void.class);
  private static final MethodReference ARRAY =
      new MethodReference(
          ExceptionHandling.class, "throwIfNoRoomForArray", int.class, int.class, void.class);

  private static final MethodReference COPY =
      new MethodReference(
          ExceptionHandling.class, "throwIfNoRoomForCopy", Object.class, void.class);

  private static final MethodDescriptor CLONE = new MethodDescriptor("clone", Object.class);

  /** What an object has before its fields. */
  private static final int OBJECT_HEADER = 8;

  /** No field takes more, with what aligns it. */
  private static final int FIELD = 8;

  private static final String UNMANAGED = Unmanaged.class.getName();

  private RoomChecks() {}

  /** Checks before all objects that the methods of a class make. */
  static void putInto(ClassHolder cls, ClassReaderSource classes) {
    if (cls.getAnnotations().get(UNMANAGED) != null) {
      return;
    }
    for (MethodHolder method : cls.getMethods()) {
      if (method.getAnnotations().get(UNMANAGED) == null && method.getProgram() != null) {
        putInto(method.getProgram(), classes);
      }
    }
  }

  private static void putInto(Program program, ClassReaderSource classes) {
    for (BasicBlock block : program.getBasicBlocks()) {
      List<Instruction> all = new ArrayList<>();
      for (Instruction instruction : block) {
        all.add(instruction);
      }
      for (Instruction instruction : all) {
        if (instruction instanceof ConstructInstruction construct) {
          check(construct, OBJECT, constant(construct, bytesOf(construct.getType(), classes)));
        } else if (instruction instanceof ConstructArrayInstruction construct) {
          Variable element = constant(construct, bytesOf(construct.getItemType()));
          check(construct, ARRAY, construct.getSize(), element);
        } else if (instruction instanceof CloneArrayInstruction copy) {
          check(copy, COPY, copy.getArray());
        } else if (instruction instanceof InvokeInstruction call) {
          checkCall(call);
        }
      }
    }
  }

  /** What makes objects without such an instruction: copies of them, and arrays by their class. */
  private static void checkCall(InvokeInstruction call) {
    MethodReference method = call.getMethod();
    if (method.getDescriptor().equals(CLONE) && method.getClassName().equals("java.lang.Object")) {
      check(call, COPY, call.getInstance());
    } else if (method.getName().equals("newInstanceImpl")
        && method.getClassName().equals("java.lang.reflect.Array")) {
      check(call, ARRAY, call.getArguments().get(1), constant(call, FIELD));
    }
  }

  private static Variable constant(Instruction next, int value) {
    IntegerConstantInstruction constant = new IntegerConstantInstruction();
    constant.setConstant(value);
    constant.setReceiver(next.getProgram().createVariable());
    constant.setLocation(next.getLocation());
    next.insertPrevious(constant);
    return constant.getReceiver();
  }

  private static void check(Instruction next, MethodReference method, Variable... arguments) {
    InvokeInstruction check = new InvokeInstruction();
    check.setType(InvocationType.SPECIAL);
    check.setMethod(method);
    check.setArguments(arguments);
    check.setLocation(next.getLocation());
    next.insertPrevious(check);
  }

  /** Returns a bound of what an object takes. */
  private static int bytesOf(String className, ClassReaderSource classes) {
    int bytes = OBJECT_HEADER;
    ClassReader cls = classes.get(className);
    while (cls != null) {
      for (FieldReader field : cls.getFields()) {
        bytes += field.hasModifier(ElementModifier.STATIC) ? 0 : FIELD;
      }
      cls = cls.getParent() == null ? null : classes.get(cls.getParent());
    }
    return bytes;
  }

  private static int bytesOf(ValueType type) {
    if (!(type instanceof ValueType.Primitive primitive)) {
      return 4;
    }
    return switch (primitive.getKind()) {
      case BOOLEAN, BYTE -> 1;
      case SHORT, CHARACTER -> 2;
      case INTEGER, FLOAT -> 4;
      case LONG, DOUBLE -> 8;
    };
  }
}
