package dev.nametag.abi.compiler;

import org.teavm.ast.InvocationExpr;
import org.teavm.backend.wasm.TeaVMWasmHost;
import org.teavm.backend.wasm.intrinsics.WasmIntrinsic;
import org.teavm.backend.wasm.intrinsics.WasmIntrinsicManager;
import org.teavm.backend.wasm.model.expression.WasmExpression;
import org.teavm.backend.wasm.model.expression.WasmMemoryGrow;
import org.teavm.model.MethodReference;
import org.teavm.vm.spi.TeaVMHost;
import org.teavm.vm.spi.TeaVMPlugin;

/**
 * Makes {@code HeapPages.grow} the instruction {@code memory.grow}, whose result is the number of
 * pages before, or -1. TeaVM finds this class as a service.
 */
public final class MemoryGrow implements TeaVMPlugin {
  @Override
  public void install(TeaVMHost host) {
    TeaVMWasmHost wasm = host.getExtension(TeaVMWasmHost.class);
    if (wasm != null) {
      wasm.add(context -> new Grow());
    }
  }

  private static final class Grow implements WasmIntrinsic {
    private static final MethodReference GROW =
        new MethodReference(HeapPages.class, "grow", int.class, int.class);

    @Override
    public boolean isApplicable(MethodReference method) {
      return method.equals(GROW);
    }

    @Override
    public WasmExpression apply(InvocationExpr call, WasmIntrinsicManager manager) {
      return new WasmMemoryGrow(manager.generate(call.getArguments().get(0)));
    }
  }
}
