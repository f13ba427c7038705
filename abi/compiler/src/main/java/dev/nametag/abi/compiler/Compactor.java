package dev.nametag.abi.compiler;

import static dev.nametag.abi.compiler.WasmBinary.CODE_SECTION;
import static dev.nametag.abi.compiler.WasmBinary.DATA_SECTION;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a module smaller, and a little faster, where TeaVM writes more than it needs.
 *
 * <p>Calls of the smallest functions are replaced by what these do (see {@link Inliner}).
 *
 * <p>Most of the rest is how exceptions travel. A function has a frame on TeaVM's shadow stack.
 * Before each call TeaVM stores the number of the call site in the frame, and after it compares:
 * {@code throwException} walks over the frames, finds by that number the handlers around the call,
 * and changes the number in each frame that is to be left. A function without handlers needs no
 * numbers of its own: all its call sites can be call site 0, if that one has no handlers. Every
 * frame starts with 0 (see {@link ShadowStack}), so nothing need be stored before a call, and after
 * it a test for 0 is enough.
 *
 * <p>This is known of TeaVM 0.13.1, of its classes {@code WasmGenerationVisitor} and {@code
 * ExceptionHandling}; what does not look exactly so stays as it is.
 */
final class Compactor {
  private Compactor() {}

  /**
   * Returns the same module, smaller.
   *
   * @param sharesCallSites whether call sites may lose their numbers, which stack traces show
   */
  static WasmBinary compact(WasmBinary binary, boolean sharesCallSites) {
    int imports = 0;
    for (WasmBinary.Import each : binary.imports()) {
      imports += each.kind().equals("function") ? 1 : 0;
    }
    int allocStack = function(binary, RuntimeTransformer.ALLOC_STACK);
    int throwException = function(binary, RuntimeTransformer.THROW_EXCEPTION) - imports;
    byte[] code = binary.content(CODE_SECTION);
    List<FunctionBody> functions = new ArrayList<>();
    WasmReader reader = new WasmReader(code);
    for (int left = reader.count(); left > 0; left--) {
      functions.add(FunctionBody.read(reader.part(reader.unsigned()), allocStack));
    }
    boolean shares =
        sharesCallSites
            && throwException >= 0
            && hasNoHandlers(functions.get(throwException), binary.content(DATA_SECTION));
    new Inliner(binary, imports, functions).inline();
    WasmWriter out = new WasmWriter().unsigned(functions.size());
    for (FunctionBody function : functions) {
      if (shares) {
        function.shareCallSite();
      }
      function.keepOnStack();
      function.simplifyTests();
      out.sized(function.write());
    }
    return binary
        .with(CODE_SECTION, section -> out.toByteArray())
        .with(DATA_SECTION, DataSegments::withoutZeros);
  }

  /** Returns whether the table of call sites says of call site 0 that it has no handlers. */
  private static boolean hasNoHandlers(FunctionBody throwException, byte[] data) {
    int table = throwException.callSiteTable();
    return table > 0 && DataSegments.isZero(data, table);
  }

  private static int function(WasmBinary binary, String exportName) {
    for (WasmBinary.Export export : binary.exports()) {
      if (export.name().equals(exportName) && export.kind().equals("function")) {
        return export.index();
      }
    }
    return -1;
  }
}
