package dev.nametag.hostsim.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.engine.ValueType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes a WebAssembly module: just enough of the format for guests that make hostcalls and report
 * what came of them.
 *
 * <p>A new builder has a memory of one page, the marker of ABI 0.2.1 and an allocator that always
 * gives the same address. Texts that {@link Code} names are laid out in a data segment.
 */
public final class ModuleBuilder {

  /** Where the allocator puts what the host gives. */
  static final int ARENA = 40_960;

  private static final int TEXTS = 1_024;

  private final Map<String, Signature> imports = new LinkedHashMap<>();
  private final Map<String, Code> functions = new LinkedHashMap<>();
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private final Map<String, Integer> addresses = new LinkedHashMap<>();
  private boolean exportsMemory = true;
  private boolean importsGlobal;
  private String startFunction = "";

  public ModuleBuilder() {
    function("proxy_abi_version_0_2_1", "void -> void", code -> {});
    function("proxy_on_memory_allocate", "i32 -> i32", code -> code.i32(ARENA));
  }

  /** Adds or replaces an exported function. */
  public ModuleBuilder function(String name, String signature, Consumer<Code> body) {
    Code code = new Code(this, Signature.parse(signature));
    body.accept(code);
    functions.put(name, code);
    return this;
  }

  /** Takes an exported function out again. */
  public ModuleBuilder without(String name) {
    functions.remove(name);
    return this;
  }

  /** Imports a function that nothing calls. */
  public ModuleBuilder importing(String module, String name, String signature) {
    imports.put(module + "." + name, Signature.parse(signature));
    return this;
  }

  /** Imports a global. */
  public ModuleBuilder importingGlobal() {
    importsGlobal = true;
    return this;
  }

  /** Leaves out the memory. */
  public ModuleBuilder withoutMemory() {
    exportsMemory = false;
    return this;
  }

  /** Makes an exported function the start section. */
  public ModuleBuilder start(String name) {
    startFunction = name;
    return this;
  }

  /** A callback that lets the stream go on and logs its own name first. */
  public ModuleBuilder logging(String name, String signature) {
    boolean returns = !Signature.parse(signature).results().isEmpty();
    boolean yes = !name.endsWith("headers");
    return function(
        name,
        signature,
        code -> {
          code.log(name);
          if (returns) {
            code.i32(yes ? 1 : 0);
          }
        });
  }

  int text(byte[] bytes) {
    return addresses.computeIfAbsent(
        new String(bytes, ISO_8859_1),
        key -> {
          int address = TEXTS + texts.size();
          texts.writeBytes(bytes);
          return address;
        });
  }

  int importedFunction(String qualifiedName, Signature signature) {
    imports.putIfAbsent(qualifiedName, signature);
    return new ArrayList<>(imports.keySet()).indexOf(qualifiedName);
  }

  int definedFunction(String name) {
    return imports.size() + new ArrayList<>(functions.keySet()).indexOf(name);
  }

  /** The module. */
  public byte[] build() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    List<Signature> types = new ArrayList<>(imports.values());
    functions.values().forEach(code -> types.add(code.signature()));

    section(out, 1, types.stream().map(ModuleBuilder::type).toList());

    List<byte[]> importEntries = new ArrayList<>();
    int index = 0;
    for (String qualified : imports.keySet()) {
      int dot = qualified.indexOf('.');
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      name(entry, qualified.substring(0, dot));
      name(entry, qualified.substring(dot + 1));
      entry.write(0);
      unsigned(entry, index++);
      importEntries.add(entry.toByteArray());
    }
    if (importsGlobal) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      name(entry, "env");
      name(entry, "table_base");
      entry.writeBytes(new byte[] {3, 0x7f, 0});
      importEntries.add(entry.toByteArray());
    }
    section(out, 2, importEntries);

    List<byte[]> functionEntries = new ArrayList<>();
    for (int i = 0; i < functions.size(); i++) {
      functionEntries.add(unsigned(imports.size() + i));
    }
    section(out, 3, functionEntries);

    if (exportsMemory) {
      section(out, 5, List.of(new byte[] {0, 1}));
    }

    List<byte[]> exportEntries = new ArrayList<>();
    int function = imports.size();
    for (String exported : functions.keySet()) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      name(entry, exported);
      entry.write(0);
      unsigned(entry, function++);
      exportEntries.add(entry.toByteArray());
    }
    if (exportsMemory) {
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      name(entry, "memory");
      entry.writeBytes(new byte[] {2, 0});
      exportEntries.add(entry.toByteArray());
    }
    section(out, 7, exportEntries);

    if (!startFunction.isEmpty()) {
      int start = new ArrayList<>(functions.keySet()).indexOf(startFunction);
      out.write(8);
      byte[] content = unsigned(imports.size() + start);
      unsigned(out, content.length);
      out.writeBytes(content);
    }

    section(out, 10, functions.values().stream().map(Code::body).toList());

    if (texts.size() > 0 && exportsMemory) {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      data.write(0);
      data.write(0x41);
      Leb.signed(data, TEXTS);
      data.write(0x0b);
      unsigned(data, texts.size());
      data.writeBytes(texts.toByteArray());
      section(out, 11, List.of(data.toByteArray()));
    }
    return out.toByteArray();
  }

  private static void section(ByteArrayOutputStream out, int id, List<byte[]> entries) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    unsigned(content, entries.size());
    entries.forEach(content::writeBytes);
    out.write(id);
    unsigned(out, content.size());
    out.writeBytes(content.toByteArray());
  }

  private static byte[] type(Signature signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x60);
    types(out, signature.parameters());
    types(out, signature.results());
    return out.toByteArray();
  }

  private static void types(ByteArrayOutputStream out, List<ValueType> types) {
    unsigned(out, types.size());
    types.forEach(type -> out.write(type == ValueType.I64 ? 0x7e : 0x7f));
  }

  private static void name(ByteArrayOutputStream out, String name) {
    byte[] bytes = name.getBytes(UTF_8);
    unsigned(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static byte[] unsigned(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    unsigned(out, value);
    return out.toByteArray();
  }

  private static void unsigned(ByteArrayOutputStream out, int value) {
    Leb.unsigned(out, value);
  }
}
