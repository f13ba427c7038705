package dev.nametag.abi.compiler;

import org.teavm.interop.Export;
import org.teavm.interop.Import;
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

/**
 * Changes TeaVM's runtime where a Proxy-Wasm host differs from the hosts it is made for: its
 * imports become calls of {@code dev.nametag.abi.wasm.RuntimeSupport}, and the functions that it
 * exports for JavaScript are not kept alive by that.
 */
public final class RuntimeTransformer implements ClassHolderTransformer {
  private static final String REPLACED = "org.teavm.backend.wasm.runtime.WasmSupport";
  private static final String REPLACEMENT = "dev.nametag.abi.wasm.RuntimeSupport";

  @Override
  public void transformClass(ClassHolder cls, ClassHolderTransformerContext context) {
    if (cls.getName().startsWith("org.teavm.")) {
      for (MethodHolder method : cls.getMethods()) {
        method.getAnnotations().remove(Export.class.getName());
      }
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
