package dev.nametag.hostsim.engine;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportTable;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryImport;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableImport;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A module in Chicory. One machine factory serves all its instances. */
final class ChicoryModule implements LoadedModule {

  /** 1 GiB, as in proxy-wasm-cpp-host include/proxy-wasm/limits.h. */
  private static final int MAX_MEMORY_PAGES = 16_384;

  private static final int NULL_REFERENCE = -1;

  private final WasmModule module;
  private final Function<com.dylibso.chicory.runtime.Instance, Machine> machines;
  private final List<ModuleImport> imports;
  private final List<ModuleExport> exports;

  private ChicoryModule(
      WasmModule module, Function<com.dylibso.chicory.runtime.Instance, Machine> machines) {
    this.module = module;
    this.machines = machines;
    this.imports = readImports(module);
    this.exports = readExports(module);
  }

  static ChicoryModule load(byte[] bytes, ChicoryEngine engine) {
    WasmModule module = Parser.parse(bytes);
    return new ChicoryModule(module, machines(module, engine));
  }

  private static Function<com.dylibso.chicory.runtime.Instance, Machine> machines(
      WasmModule module, ChicoryEngine engine) {
    if (engine == ChicoryEngine.INTERPRETER) {
      return InterpreterMachine::new;
    }
    try {
      return MachineFactoryCompiler.builder(module)
          .withInterpreterFallback(InterpreterFallback.SILENT)
          .compile();
    } catch (ChicoryException | ClassFormatError | VerifyError e) {
      return InterpreterMachine::new;
    }
  }

  @Override
  public List<ModuleImport> imports() {
    return imports;
  }

  @Override
  public List<ModuleExport> exports() {
    return exports;
  }

  @Override
  public Instance instantiate(List<HostImport> functions) {
    return instantiate(functions, MAX_MEMORY_PAGES);
  }

  @Override
  public Instance instantiate(List<HostImport> functions, int maxMemoryPages) {
    ImportValues.Builder values = ImportValues.builder();
    for (HostImport function : functions) {
      values.addFunction(
          new HostFunction(
              function.module(), function.name(), type(function.signature()), adapt(function)));
    }
    try {
      for (int i = 0; i < module.importSection().importCount(); i++) {
        addFresh(values, module.importSection().getImport(i), maxMemoryPages);
      }
      return new ChicoryInstance(
          com.dylibso.chicory.runtime.Instance.builder(module)
              .withInitialize(false)
              .withMemoryFactory(limits -> memory(limits, maxMemoryPages))
              .withMachineFactory(machines)
              .withImportValues(values.build())
              .build(),
          exports);
    } catch (ModuleLoadException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new ModuleLoadException("Failed to create new Wasm instance: " + Traps.describe(e), e);
    }
  }

  /** Does nothing: all that Chicory holds is on the JVM's heap. */
  @Override
  public void close() {}

  private static com.dylibso.chicory.runtime.WasmFunctionHandle adapt(HostImport imported) {
    dev.nametag.hostsim.engine.HostFunction function = imported.function();
    if (imported.signature().results().isEmpty()) {
      return (instance, arguments) -> {
        function.call(arguments);
        return new long[0];
      };
    }
    return (instance, arguments) -> new long[] {function.call(arguments)};
  }

  private static void addFresh(ImportValues.Builder values, Import imported, int maxMemoryPages) {
    if (imported instanceof MemoryImport memory) {
      values.addMemory(
          new ImportMemory(
              imported.module(), imported.name(), memory(memory.limits(), maxMemoryPages)));
    } else if (imported instanceof TableImport table) {
      values.addTable(
          new ImportTable(
              imported.module(),
              imported.name(),
              new TableInstance(new Table(table.entryType(), table.limits()), NULL_REFERENCE)));
    }
  }

  private static Memory memory(MemoryLimits limits, int maxPages) {
    if (limits.initialPages() > maxPages) {
      throw new ModuleLoadException(
          "Failed to create new Wasm instance: "
              + limits.initialPages()
              + " memory pages wanted, "
              + maxPages
              + " allowed");
    }
    return new ByteArrayMemory(
        new MemoryLimits(
            limits.initialPages(), Math.min(limits.maximumPages(), maxPages), limits.shared()));
  }

  private static List<ModuleImport> readImports(WasmModule module) {
    List<ModuleImport> imports = new ArrayList<>();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      Import imported = module.importSection().getImport(i);
      Signature signature =
          imported instanceof FunctionImport function
              ? signature(module.typeSection().getType(function.typeIndex()))
              : new Signature(List.of(), List.of());
      imports.add(
          new ModuleImport(
              imported.module(), imported.name(), kind(imported.importType()), signature));
    }
    return List.copyOf(imports);
  }

  private static List<ModuleExport> readExports(WasmModule module) {
    int importedFunctions = module.importSection().count(ExternalType.FUNCTION);
    List<ModuleExport> exports = new ArrayList<>();
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      Signature signature =
          export.exportType() == ExternalType.FUNCTION
              ? signature(functionType(module, export.index(), importedFunctions))
              : new Signature(List.of(), List.of());
      exports.add(new ModuleExport(export.name(), kind(export.exportType()), signature));
    }
    return List.copyOf(exports);
  }

  private static FunctionType functionType(WasmModule module, int index, int importedFunctions) {
    if (index >= importedFunctions) {
      return module
          .functionSection()
          .getFunctionType(index - importedFunctions, module.typeSection());
    }
    return module.importSection().stream()
        .filter(FunctionImport.class::isInstance)
        .map(FunctionImport.class::cast)
        .skip(index)
        .findFirst()
        .map(imported -> module.typeSection().getType(imported.typeIndex()))
        .orElseThrow();
  }

  private static ExternKind kind(ExternalType type) {
    return ExternKind.valueOf(type.name());
  }

  private static Signature signature(FunctionType type) {
    return new Signature(
        type.params().stream().map(ChicoryModule::valueType).toList(),
        type.returns().stream().map(ChicoryModule::valueType).toList());
  }

  private static ValueType valueType(ValType type) {
    if (type.equals(ValType.I32)) {
      return ValueType.I32;
    }
    if (type.equals(ValType.I64)) {
      return ValueType.I64;
    }
    if (type.equals(ValType.F32)) {
      return ValueType.F32;
    }
    return type.equals(ValType.F64) ? ValueType.F64 : ValueType.UNKNOWN;
  }

  private static FunctionType type(Signature signature) {
    return FunctionType.of(
        signature.parameters().stream().map(ChicoryModule::valType).toList(),
        signature.results().stream().map(ChicoryModule::valType).toList());
  }

  private static ValType valType(ValueType type) {
    return switch (type) {
      case I32 -> ValType.I32;
      case I64 -> ValType.I64;
      case F32 -> ValType.F32;
      case F64 -> ValType.F64;
      case UNKNOWN -> throw new IllegalArgumentException("no host function has this type");
    };
  }
}
