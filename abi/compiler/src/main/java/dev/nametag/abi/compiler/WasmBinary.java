package dev.nametag.abi.compiler;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A module's bytes, section by section: enough to read imports and exports and to leave exports
 * out. Source: WebAssembly specification 1.0, section 5 (binary format).
 */
final class WasmBinary {
  private static final int HEADER_SIZE = 8;
  private static final int IMPORT_SECTION = 2;
  private static final int EXPORT_SECTION = 7;
  private static final String[] KINDS = {"function", "table", "memory", "global"};

  private final byte[] bytes;

  WasmBinary(byte[] bytes) {
    this.bytes = bytes.clone();
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

  /** Returns what the module imports, in its order. */
  List<Import> imports() {
    List<Import> imports = new ArrayList<>();
    Reader reader = section(IMPORT_SECTION);
    for (int left = reader.count(); left > 0; left--) {
      String module = reader.name();
      String name = reader.name();
      int kind = reader.byteValue();
      imports.add(new Import(module, name, KINDS[kind]));
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

  /** Returns the names that the module exports, in its order. */
  List<String> exports() {
    List<String> names = new ArrayList<>();
    Reader reader = section(EXPORT_SECTION);
    for (int left = reader.count(); left > 0; left--) {
      names.add(reader.name());
      reader.byteValue();
      reader.unsigned();
    }
    return names;
  }

  /** Returns the module without the exports that the predicate does not hold for. */
  byte[] withExports(Predicate<String> kept) {
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    int count = 0;
    Reader reader = section(EXPORT_SECTION);
    for (int left = reader.count(); left > 0; left--) {
      int start = reader.at;
      String name = reader.name();
      reader.byteValue();
      reader.unsigned();
      if (kept.test(name)) {
        entries.write(bytes, start, reader.at - start);
        count++;
      }
    }
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    writeUnsigned(payload, count);
    payload.writeBytes(entries.toByteArray());

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, HEADER_SIZE);
    Reader sections = new Reader(HEADER_SIZE, bytes.length);
    while (sections.at < bytes.length) {
      int start = sections.at;
      int id = sections.byteValue();
      int size = sections.unsigned();
      sections.at += size;
      if (id == EXPORT_SECTION) {
        out.write(id);
        writeUnsigned(out, payload.size());
        out.writeBytes(payload.toByteArray());
      } else {
        out.write(bytes, start, sections.at - start);
      }
    }
    return out.toByteArray();
  }

  /** Returns a reader of the section's payload; of an empty vector if there is no such section. */
  private Reader section(int wanted) {
    byte[] magic = {0, 'a', 's', 'm', 1, 0, 0, 0};
    if (!Arrays.equals(magic, Arrays.copyOf(bytes, HEADER_SIZE))) {
      throw new IllegalArgumentException("not a WebAssembly 1.0 module");
    }
    Reader sections = new Reader(HEADER_SIZE, bytes.length);
    while (sections.at < bytes.length) {
      int id = sections.byteValue();
      int size = sections.unsigned();
      if (id == wanted) {
        return new Reader(sections.at, sections.at + size);
      }
      sections.at += size;
    }
    return new Reader(0, 0);
  }

  private static void writeUnsigned(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private final class Reader {
    private int at;
    private final int end;

    Reader(int at, int end) {
      this.at = at;
      this.end = end;
    }

    int count() {
      return end == 0 ? 0 : unsigned();
    }

    int byteValue() {
      if (at >= end) {
        throw new IllegalArgumentException("module ends in the middle of a section");
      }
      return bytes[at++] & 0xff;
    }

    int unsigned() {
      int value = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        int b = byteValue();
        value |= (b & 0x7f) << shift;
        if (b < 0x80) {
          return value;
        }
      }
      throw new IllegalArgumentException("number of more than 32 bits");
    }

    String name() {
      int length = unsigned();
      String name = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      return name;
    }

    void limits() {
      int flags = byteValue();
      unsigned();
      if ((flags & 1) != 0) {
        unsigned();
      }
    }
  }
}
