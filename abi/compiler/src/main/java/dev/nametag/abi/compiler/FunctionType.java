package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * What a function takes and gives, as bytes of value types. Source: WebAssembly specification 1.0,
 * section 5.3 (types).
 */
final class FunctionType {
  /** The type of a block that leaves nothing on the stack. */
  private static final int NO_RESULT = 0x40;

  private final byte[] parameters;
  private final int result;

  private FunctionType(byte[] parameters, int result) {
    this.parameters = parameters;
    this.result = result;
  }

  /** Returns the type of each parameter; not to be changed. */
  byte[] parameters() {
    return parameters;
  }

  /** Returns the type of a block with the same result. */
  int result() {
    return result;
  }

  /** Returns the type of each function that a module defines, in their order. */
  static List<FunctionType> ofFunctions(WasmBinary binary) {
    List<FunctionType> types = new ArrayList<>();
    WasmReader section = new WasmReader(binary.content(WasmBinary.TYPE_SECTION));
    for (int left = section.count(); left > 0; left--) {
      // The form of function types.
      section.skip(1);
      byte[] parameters = values(section);
      byte[] results = values(section);
      types.add(new FunctionType(parameters, results.length == 0 ? NO_RESULT : results[0] & 0x7f));
    }
    List<FunctionType> ofFunctions = new ArrayList<>();
    WasmReader functions = new WasmReader(binary.content(WasmBinary.FUNCTION_SECTION));
    for (int left = functions.count(); left > 0; left--) {
      ofFunctions.add(types.get(functions.unsigned()));
    }
    return ofFunctions;
  }

  private static byte[] values(WasmReader section) {
    int count = section.count();
    int start = section.at();
    section.skip(count);
    return section.since(start);
  }
}
