package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A module's bytes, section by section: enough to read imports and exports and to rewrite single
 * sections. Bytes that are no module are an {@link IllegalArgumentException}. Source: WebAssembly
 * specification 1.0, section 5 (binary format).
 */
final class WasmBinary {
  static final int TYPE_SECTION = 1;
  static final int IMPORT_SECTION = 2;
  static final int FUNCTION_SECTION = 3;
  static final int MEMORY_SECTION = 5;
  static final int EXPORT_SECTION = 7;
  static final int START_SECTION = 8;
  static final int ELEMENT_SECTION = 9;
  static final int CODE_SECTION = 10;
  static final int DATA_SECTION = 11;

  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final String[] KINDS = {"function", "table", "memory", "global"};

  private final byte[] bytes;

  /** Takes the module. */
  WasmBinary(byte[] bytes) {
    this.bytes = bytes.clone();
    if (bytes.length < HEADER.length
        || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
      throw new IllegalArgumentException("not a WebAssembly 1.0 module");
    }
  }

  /**
   * Something that the module takes from its host.
   *
   * @param module first part of the name
   * @param name second part of the name
   * @param kind function, table, memory or global
   */
  record Import(String module, String name, String kind) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /**
   * Something that the module gives to its host.
   *
   * @param kind function, table, memory or global
   * @param index among all of that kind
   */
  record Export(String name, String kind, int index) {}

  /** Returns what the module imports, in its order. */
  List<Import> imports() {
    List<Import> imports = new ArrayList<>();
    WasmReader reader = section(IMPORT_SECTION);
    for (int left = reader.count(); left > 0; left--) {
      String module = reader.name();
      String name = reader.name();
      int kind = reader.byteValue();
      imports.add(new Import(module, name, kindName(kind)));
      switch (kind) {
        case 0 -> reader.unsigned();
        case 1 -> {
          reader.byteValue();
          reader.limits();
        }
        case 2 -> reader.limits();
        default -> {
          reader.byteValue();
          reader.byteValue();
        }
      }
    }
    return imports;
  }

  /** Returns what the module exports, in its order. */
  List<Export> exports() {
    List<Export> exports = new ArrayList<>();
    WasmReader reader = section(EXPORT_SECTION);
    for (int left = reader.count(); left > 0; left--) {
      String name = reader.name();
      String kind = kindName(reader.byteValue());
      exports.add(new Export(name, kind, reader.unsigned()));
    }
    return exports;
  }

  /** Returns the module without the exports that the predicate does not hold for. */
  WasmBinary withExports(Predicate<String> kept) {
    return with(
        EXPORT_SECTION,
        payload -> {
          WasmWriter entries = new WasmWriter();
          int count = 0;
          WasmReader reader = new WasmReader(payload);
          for (int left = reader.count(); left > 0; left--) {
            int start = reader.at();
            String name = reader.name();
            reader.byteValue();
            reader.unsigned();
            if (kept.test(name)) {
              entries.bytes(reader.since(start));
              count++;
            }
          }
          return new WasmWriter().unsigned(count).bytes(entries.toByteArray()).toByteArray();
        });
  }

  /** Returns the module with one section's content, if there is such a section, put through. */
  WasmBinary with(int section, UnaryOperator<byte[]> change) {
    WasmWriter out = new WasmWriter().bytes(HEADER);
    WasmReader reader = new WasmReader(bytes, HEADER.length, bytes.length);
    while (reader.hasMore()) {
      int id = reader.byteValue();
      WasmReader content = reader.part(reader.unsigned());
      byte[] payload = Arrays.copyOfRange(bytes, content.at(), reader.at());
      out.byteValue(id);
      out.sized(new WasmWriter().bytes(id == section ? change.apply(payload) : payload));
    }
    return new WasmBinary(out.toByteArray());
  }

  byte[] toByteArray() {
    return bytes.clone();
  }

  boolean has(int wanted) {
    WasmReader sections = new WasmReader(bytes, HEADER.length, bytes.length);
    while (sections.hasMore()) {
      if (sections.byteValue() == wanted) {
        return true;
      }
      sections.skip(sections.unsigned());
    }
    return false;
  }

  /** Returns the content of the section; an empty vector if there is no such section. */
  byte[] content(int section) {
    WasmReader reader = section(section);
    int start = reader.at();
    reader.skipAll();
    return reader.since(start);
  }

  /** Returns a reader of the section's content; of an empty vector if there is no such section. */
  private WasmReader section(int wanted) {
    WasmReader sections = new WasmReader(bytes, HEADER.length, bytes.length);
    while (sections.hasMore()) {
      int id = sections.byteValue();
      WasmReader content = sections.part(sections.unsigned());
      if (id == wanted) {
        return content;
      }
    }
    return new WasmReader(new byte[1]);
  }

  private static String kindName(int kind) {
    if (kind >= KINDS.length) {
      throw new IllegalArgumentException("unknown kind of import or export: " + kind);
    }
    return KINDS[kind];
  }
}
