package dev.nametag.abi.compiler;

import org.teavm.interop.Export;
import org.teavm.interop.Import;
import org.teavm.model.AnnotationHolder;
import org.teavm.model.AnnotationValue;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.ClassReader;
import org.teavm.model.ElementModifier;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReader;
import org.teavm.model.ValueType;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.emit.ValueEmitter;
import org.teavm.model.util.ProgramUtils;

/**
 * Changes TeaVM's runtime where a Proxy-Wasm host differs from the hosts it is made for: its
 * imports become calls of {@code dev.nametag.abi.wasm.RuntimeSupport}, its stack is bounded, and
 * the functions that it exports for JavaScript are not kept alive by that.
 */
public final class RuntimeTransformer implements ClassHolderTransformer {
  /** Under this name {@link Compactor} finds the function that makes a frame. */
  static final String ALLOC_STACK = "teavm_allocStack";

  /** Under this name {@link Compactor} finds the function that looks for a handler. */
  static final String THROW_EXCEPTION = "teavm_throwException";

  private static final String EXCEPTIONS = "org.teavm.runtime.ExceptionHandling";
  private static final String RUNTIME = "org.teavm.backend.wasm.WasmRuntime";
  private static final String REPLACED = "org.teavm.backend.wasm.runtime.WasmSupport";
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
      ClassReader frames = context.getHierarchy().getClassSource().get(ShadowStack.class.getName());
      MethodReader replacement = frames.getMethod(method.getDescriptor());
      // A copy and not a call, since every function makes a frame.
      method.setProgram(ProgramUtils.copy(replacement.getProgram()));
    }
    if (cls.getName().equals(EXCEPTIONS)) {
      export(method(cls, "throwException"), THROW_EXCEPTION);
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
