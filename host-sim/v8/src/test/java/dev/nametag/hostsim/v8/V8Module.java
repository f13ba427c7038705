package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.reference.V8ValueArray;
import com.caoccao.javet.values.reference.V8ValueArrayBuffer;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import dev.nametag.hostsim.engine.ExternKind;
import dev.nametag.hostsim.engine.HostImport;
import dev.nametag.hostsim.engine.Instance;
import dev.nametag.hostsim.engine.LoadedModule;
import dev.nametag.hostsim.engine.ModuleExport;
import dev.nametag.hostsim.engine.ModuleImport;
import dev.nametag.hostsim.engine.ModuleLoadException;
import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.engine.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A module in an isolate of its own. */
final class V8Module implements LoadedModule {

  private final V8Runtime isolate;
  private final V8ValueObject module;
  private final List<ModuleImport> imports = new ArrayList<>();
  private final List<ModuleExport> exports = new ArrayList<>();

  V8Module(V8Runtime isolate, byte[] bytes) throws JavetException {
    this.isolate = isolate;
    try (V8ValueFunction compile = function("bytes => new WebAssembly.Module(bytes)");
        V8ValueArrayBuffer buffer = isolate.createV8ValueArrayBuffer(bytes.length)) {
      buffer.fromBytes(bytes);
      module = compile.call(null, buffer);
    }
    for (V8ValueObject description : describe("WebAssembly.Module.imports")) {
      imports.add(
          new ModuleImport(
              description.getString("module"),
              description.getString("name"),
              kind(description),
              signature(description)));
    }
    for (V8ValueObject description : describe("WebAssembly.Module.exports")) {
      exports.add(
          new ModuleExport(
              description.getString("name"), kind(description), signature(description)));
    }
  }

  @Override
  public List<ModuleImport> imports() {
    return List.copyOf(imports);
  }

  @Override
  public List<ModuleExport> exports() {
    return List.copyOf(exports);
  }

  /**
   * In V8, making an instance is one step with starting it; so {@link Instance#start} does both.
   */
  @Override
  public Instance instantiate(List<HostImport> functions) {
    try {
      return new V8Instance(isolate, module, exports, functions);
    } catch (JavetException e) {
      throw new ModuleLoadException("Failed to create new Wasm instance: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    Isolates.close(isolate);
  }

  private V8ValueFunction function(String source) throws JavetException {
    return isolate.getExecutor(source).execute();
  }

  private List<V8ValueObject> describe(String list) throws JavetException {
    List<V8ValueObject> descriptions = new ArrayList<>();
    try (V8ValueFunction lister = function(list);
        V8ValueArray array = lister.call(null, module)) {
      for (int i = 0; i < array.getLength(); i++) {
        descriptions.add(array.get(i));
      }
    }
    return descriptions;
  }

  private static ExternKind kind(V8ValueObject description) throws JavetException {
    return ExternKind.valueOf(description.getString("kind").toUpperCase(Locale.ROOT));
  }

  private static Signature signature(V8ValueObject description) throws JavetException {
    if (kind(description) != ExternKind.FUNCTION) {
      return new Signature(List.of(), List.of());
    }
    try (V8ValueObject type = description.get("type")) {
      return new Signature(types(type, "parameters"), types(type, "results"));
    }
  }

  private static List<ValueType> types(V8ValueObject type, String which) throws JavetException {
    List<ValueType> types = new ArrayList<>();
    try (V8ValueArray names = type.get(which)) {
      for (int i = 0; i < names.getLength(); i++) {
        try (V8Value name = names.get(i)) {
          types.add(valueType(name.toString()));
        }
      }
    }
    return types;
  }

  private static ValueType valueType(String name) {
    return switch (name) {
      case "i32" -> ValueType.I32;
      case "i64" -> ValueType.I64;
      case "f32" -> ValueType.F32;
      case "f64" -> ValueType.F64;
      default -> ValueType.UNKNOWN;
    };
  }
}
