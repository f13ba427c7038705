package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.callback.IJavetDirectCallable.NoThisAndResult;
import com.caoccao.javet.interop.callback.JavetCallbackContext;
import com.caoccao.javet.interop.callback.JavetCallbackType;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import dev.nametag.hostsim.engine.ExportedFunction;
import dev.nametag.hostsim.engine.ExternKind;
import dev.nametag.hostsim.engine.HostImport;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LinearMemory;
import dev.nametag.hostsim.engine.ModuleExport;
import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.engine.WasmTrapException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An instance in V8. Its functions and its memory can be asked for before it is started, and used
 * only afterwards.
 */
final class V8Instance implements Instance {

  /** Answers with the exports; memories and tables that the module wants are made fresh. */
  private static final String INSTANTIATE =
      """
      (module, functions) => {
        const imports = {};
        for (const {module: from, name, kind, type} of WebAssembly.Module.imports(module)) {
          imports[from] ??= {};
          imports[from][name] =
              kind === 'memory' ? new WebAssembly.Memory(type)
              : kind === 'table' ? new WebAssembly.Table(type)
              : functions[from + '.' + name];
        }
        const exports = new WebAssembly.Instance(module, imports).exports;
        const memory = Object.values(exports).concat(Object.values(imports).flatMap(Object.values))
            .find(value => value instanceof WebAssembly.Memory);
        return {exports, memory};
      }
      """;

  private final V8Runtime isolate;
  private final V8ValueObject module;
  private final V8ValueObject imports;
  private final Map<String, ExportedFunction> exported = new HashMap<>();
  private final Map<String, V8ValueFunction> functions = new HashMap<>();
  private final V8Memory memory = new V8Memory();

  /** What a host function has thrown and V8 is carrying through the module as an error. */
  private Optional<RuntimeException> thrown = Optional.empty();

  V8Instance(
      V8Runtime isolate, V8ValueObject module, List<ModuleExport> exports, List<HostImport> imports)
      throws JavetException {
    this.isolate = isolate;
    this.module = module;
    this.imports = isolate.createV8ValueObject();
    for (HostImport imported : imports) {
      try (V8ValueFunction function = adapt(imported)) {
        this.imports.set(imported.qualifiedName(), function);
      }
    }
    for (ModuleExport export : exports) {
      if (export.kind() == ExternKind.FUNCTION) {
        exported.put(export.name(), adapt(export));
      }
    }
  }

  @Override
  public void start() {
    run(
        () -> {
          try (V8ValueFunction instantiate = isolate.getExecutor(INSTANTIATE).execute();
              V8ValueObject made = instantiate.call(null, module, imports);
              V8ValueObject exports = made.get("exports")) {
            for (String name : exported.keySet()) {
              functions.put(name, exports.get(name));
            }
            memory.attach(made.get("memory"));
          }
          return 0;
        });
  }

  @Override
  public Optional<ExportedFunction> function(String name) {
    return Optional.ofNullable(exported.get(name));
  }

  @Override
  public LinearMemory memory() {
    return memory;
  }

  private ExportedFunction adapt(ModuleExport export) {
    return arguments ->
        run(
            () -> {
              V8Value[] values = Values.ofArguments(isolate, export.signature(), arguments);
              try (V8Value result = functions.get(export.name()).call(null, values)) {
                return Values.toLong(result);
              }
            });
  }

  private V8ValueFunction adapt(HostImport imported) throws JavetException {
    Signature signature = imported.signature();
    NoThisAndResult<RuntimeException> callback =
        arguments -> {
          // The module has run since the host last looked.
          memory.mayHaveGrown();
          try {
            // Javet gives no array when there are no arguments.
            V8Value[] given = arguments == null ? new V8Value[0] : arguments;
            long result = imported.function().call(Values.toLongs(given));
            return Values.ofResult(isolate, signature, result);
          } catch (RuntimeException e) {
            thrown = Optional.of(e);
            throw e;
          }
        };
    return isolate.createV8ValueFunction(
        new JavetCallbackContext(
            imported.qualifiedName(), JavetCallbackType.DirectCallNoThisAndResult, callback));
  }

  /** Lets the module run and turns what goes wrong into a trap. */
  private long run(Guest guest) {
    thrown = Optional.empty();
    Interruption interruption = Interruption.watch(isolate);
    try {
      return guest.run();
    } catch (JavetException e) {
      RuntimeException cause = thrown.orElseGet(() -> Isolates.failure(e));
      thrown = Optional.empty();
      throw cause instanceof WasmTrapException
          ? cause
          : new WasmTrapException(String.valueOf(cause.getMessage()), cause);
    } finally {
      interruption.close();
      memory.mayHaveGrown();
    }
  }

  /** A piece of work inside the module. */
  @FunctionalInterface
  private interface Guest {
    long run() throws JavetException;
  }
}
