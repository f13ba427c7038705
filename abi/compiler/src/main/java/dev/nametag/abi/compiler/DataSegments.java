package dev.nametag.abi.compiler;

/**
 * Leaves zeros out of a data section: memory is zero before it is written to. About half of what
 * TeaVM writes are zeros.
 */
final class DataSegments {
  private static final int I32_CONST = 0x41;
  private static final int END = 0x0b;

  /** What a further segment costs: its kind, its offset and its size. */
  private static final int SEGMENT_COST = 8;

  private DataSegments() {}

  /**
   * Returns the section with every segment divided at runs of zeros. A section that has other
   * segments than active ones at fixed places of the first memory is returned as it is.
   */
  static byte[] withoutZeros(byte[] section) {
    WasmReader reader = new WasmReader(section);
    WasmWriter segments = new WasmWriter();
    int count = 0;
    for (int left = reader.count(); left > 0; left--) {
      if (reader.unsigned() != 0 || reader.byteValue() != I32_CONST) {
        return section;
      }
      int offset = (int) reader.signed();
      if (reader.byteValue() != END) {
        return section;
      }
      WasmReader content = reader.part(reader.unsigned());
      count += divide(section, content.at(), reader.at(), offset - content.at(), segments);
    }
    return new WasmWriter().unsigned(count).bytes(segments.toByteArray()).toByteArray();
  }

  /** Returns whether an int in memory is 0 when the module starts; the section as it is above. */
  static boolean isZero(byte[] section, int address) {
    WasmReader reader = new WasmReader(section);
    for (int left = reader.count(); left > 0; left--) {
      if (reader.unsigned() != 0 || reader.byteValue() != I32_CONST) {
        return false;
      }
      int offset = (int) reader.signed();
      if (reader.byteValue() != END) {
        return false;
      }
      WasmReader content = reader.part(reader.unsigned());
      for (int i = address; i < address + Integer.BYTES; i++) {
        int at = content.at() + i - offset;
        if (at >= content.at() && at < reader.at() && section[at] != 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static int divide(byte[] bytes, int from, int to, int displacement, WasmWriter out) {
    int count = 0;
    int start = endOfZeros(bytes, from, to);
    while (start < to) {
      int end = start;
      int next = start;
      while (next < to && next - end < SEGMENT_COST) {
        if (bytes[next++] != 0) {
          end = next;
        }
      }
      out.unsigned(0).byteValue(I32_CONST).signed(start + displacement).byteValue(END);
      out.unsigned(end - start).bytes(bytes, start, end);
      count++;
      start = endOfZeros(bytes, end, to);
    }
    return count;
  }

  private static int endOfZeros(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] == 0) {
      at++;
    }
    return at;
  }
}
