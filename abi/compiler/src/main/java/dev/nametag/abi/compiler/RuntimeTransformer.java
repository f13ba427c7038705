package dev.nametag.abi.compiler;

import java.util.List;
import org.teavm.interop.Export;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.model.AccessLevel;
import org.teavm.model.AnnotationHolder;
import org.teavm.model.AnnotationValue;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ClassReader;
import org.teavm.model.ElementModifier;
import org.teavm.model.FieldHolder;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReader;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.emit.ValueEmitter;
import org.teavm.model.util.ProgramUtils;

/**
 * Changes TeaVM's runtime where a Proxy-Wasm host differs from the hosts it is made for: its
 * imports become calls of {@code dev.nametag.abi.wasm.RuntimeSupport}, its stack is bounded and
 * ends in pinned objects, and the functions that it exports for JavaScript are not kept alive by
 * that. And it makes {@code dev.nametag.abi.memory} what it is in a module.
 */
public final class RuntimeTransformer implements ClassHolderTransformer {
  /** Under this name {@link Compactor} finds the function that makes a frame. */
  static final String ALLOC_STACK = "teavm_allocStack";

  /** Under this name {@link Compactor} finds the function that looks for a handler. */
  static final String THROW_EXCEPTION = "teavm_throwException";

  private static final String GC = "org.teavm.runtime.GC";
  private static final String HEAP = "org.teavm.backend.wasm.WasmHeap";
  private static final String EXCEPTIONS = "org.teavm.runtime.ExceptionHandling";
  private static final String RUNTIME = "org.teavm.backend.wasm.WasmRuntime";
  private static final String REPLACED = "org.teavm.backend.wasm.runtime.WasmSupport";
  private static final String UNMANAGED = Unmanaged.class.getName();
  private static final String MEMORY = "dev.nametag.abi.memory.Memory";
  private static final String LINEAR_MEMORY = "dev.nametag.abi.wasm.LinearMemory";
  private static final String HEAP_FREE = "dev.nametag.abi.memory.HeapFree";
  private static final String REPLACEMENT = "dev.nametag.abi.wasm.RuntimeSupport";

  @Override
  public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
    if (cls.getName().startsWith("org.teavm.")) {
      for (MethodHolder method : cls.getMethods()) {
        method.getAnnotations().remove(Export.class.getName());
      }
    }
    if (cls.getName().equals(RUNTIME)) {
      MethodHolder method = method(cls, "allocStack");
      export(method, ALLOC_STACK);
      // Copies and not calls, since every function makes a frame.
      copy(cls, ShadowStack.class.getName(), context);
    }
    if (cls.getName().equals(MEMORY)) {
      // Copies, so that the code around them takes them in.
      copy(cls, LINEAR_MEMORY, context);
      for (MethodHolder method : List.copyOf(cls.getMethods())) {
        if (method.getName().equals("<clinit>")) {
          cls.removeMethod(method);
        }
      }
      for (FieldHolder field : List.copyOf(cls.getFields())) {
        cls.removeField(field);
      }
    } else {
      markHeapFree(cls);
    }
    if (cls.getName().equals(EXCEPTIONS)) {
      export(method(cls, "throwException"), THROW_EXCEPTION);
      copy(cls, HeapRoom.class.getName(), context);
      forward(cls, HeapRoom.class, "throwIfNoRoom", context);
      forward(cls, HeapRoom.class, "throwIfNoRoomForArray", context);
      forward(cls, HeapRoom.class, "throwIfNoRoomForCopy", context);
    }
    if (cls.getName().equals(HeapRoom.class.getName())) {
      Calls.rename(cls, Collector.class.getName(), GC);
    }
    if (cls.getName().equals(GC)) {
      Calls.redirect(cls, GC, "min", HeapPages.class.getName(), "granted");
    }
    if (cls.getName().equals(HEAP)) {
      Calls.redirect(cls, HEAP, "growMemory", HeapPages.class.getName(), "growMemory");
    }
    if (cls.getName().equals(REPLACED)) {
      ClassReader source = context.getHierarchy().getClassSource().get(REPLACEMENT);
      for (MethodHolder method : cls.getMethods()) {
        MethodReader replacement = source.getMethod(method.getDescriptor());
        if (replacement != null) {
          delegate(method, replacement, context);
        }
      }
    }
    RoomChecks.putInto(cls, context.getHierarchy().getClassSource());
  }

  /** Gives methods the programs that the methods of the same name and type have elsewhere. */
  private static void copy(
      ClassHolder cls, String sourceName, ClassHolderTransformerContext context) {
    ClassReader source = context.getHierarchy().getClassSource().get(sourceName);
    for (MethodHolder method : cls.getMethods()) {
      MethodReader replacement = source.getMethod(method.getDescriptor());
      if (replacement != null && !method.getName().startsWith("<")) {
        method.setProgram(ProgramUtils.copy(replacement.getProgram()));
        if (replacement.getAnnotations().get(UNMANAGED) != null) {
          unmanaged(method);
        }
      }
    }
  }

  private static void markHeapFree(ClassHolder cls) {
    boolean all = cls.getAnnotations().get(HEAP_FREE) != null;
    for (MethodHolder method : cls.getMethods()) {
      boolean marked = method.getAnnotations().get(HEAP_FREE) != null;
      if (marked || (all && !method.getName().startsWith("<"))) {
        unmanaged(method);
      }
    }
  }

  private static void unmanaged(MethodHolder method) {
    if (method.getAnnotations().get(UNMANAGED) == null) {
      method.getAnnotations().add(new AnnotationHolder(UNMANAGED));
    }
  }

  private static MethodHolder method(ClassHolder cls, String name) {
    for (MethodHolder method : cls.getMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new IllegalStateException(cls.getName() + " has no method " + name);
  }

  private static void export(MethodHolder method, String name) {
    AnnotationHolder export = new AnnotationHolder(Export.class.getName());
    export.getValues().put("name", new AnnotationValue(name));
    method.getAnnotations().add(export);
  }

  /** Adds a method that does what the method of the same name and type does elsewhere. */
  private static void forward(
      ClassHolder cls, Class<?> source, String name, ClassHolderTransformerContext context) {
    for (MethodReader method :
        context.getHierarchy().getClassSource().get(source.getName()).getMethods()) {
      if (method.getName().equals(name)) {
        MethodHolder added = new MethodHolder(method.getDescriptor());
        added.setLevel(AccessLevel.PUBLIC);
        added.getModifiers().add(ElementModifier.STATIC);
        unmanaged(added);
        cls.addMethod(added);
        delegate(added, method, context);
      }
    }
  }

  private static void delegate(
      MethodHolder method, MethodReader target, ClassHolderTransformerContext context) {
    method.getModifiers().remove(ElementModifier.NATIVE);
    method.getAnnotations().remove(Import.class.getName());
    ProgramEmitter program = ProgramEmitter.create(method, context.getHierarchy());
    ValueEmitter[] arguments = new ValueEmitter[method.parameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = program.var(i + 1, method.parameterType(i));
    }
    ValueEmitter result = program.invoke(target.getReference(), arguments);
    if (method.getResultType() == ValueType.VOID) {
      program.exit();
    } else {
      result.returnValue();
    }
  }
}
