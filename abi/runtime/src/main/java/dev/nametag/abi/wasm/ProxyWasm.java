package dev.nametag.abi.wasm;

import dev.nametag.abi.Dispatcher;

/** Where a filter begins. */
public final class ProxyWasm {
  private ProxyWasm() {}

  /**
   * Makes the callbacks of the host go to contexts that the factory makes. To be called once, from
   * {@code main}, which runs when the host calls {@code _start}; no hostcall but logging is allowed
   * then, so the factory is asked later.
   *
   * <p>In a module exceptions have a class and a message, but no stack trace. A full heap is an
   * {@link OutOfMemoryError}, always the same object.
   */
  public static void run(Dispatcher.RootFactory factory) {
    keepNames();
    Exports.dispatcher = new Dispatcher(new WasmHostcalls(), factory);
  }

  /**
   * TeaVM keeps the names of those classes only that it sees being asked for them. It does not see
   * where exceptions come from that its runtime throws.
   */
  private static void keepNames() {
    Throwable[] thrownByRuntime = {
      new NullPointerException(),
      new ClassCastException(),
      new ArrayIndexOutOfBoundsException(),
      new OutOfMemoryError()
    };
    for (Throwable each : thrownByRuntime) {
      String ignored = Dispatcher.describe(each);
    }
  }
}
