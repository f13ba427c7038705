package dev.nametag.abi.compiler.samples;

import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.abi.RootContext;

/** Does something when a stream ends, and nothing else. */
final class SampleRoot extends RootContext {
  private final Hostcalls host;
  private final OnLog onLog;

  /** What a sample does when a stream ends. */
  @FunctionalInterface
  interface OnLog {
    void run(Hostcalls host);
  }

  SampleRoot(Hostcalls host, OnLog onLog) {
    this.host = host;
    this.onLog = onLog;
  }

  @Override
  public HttpContext createHttpContext(int contextId) {
    return new HttpContext() {
      @Override
      public void onLog(int contextId) {
        onLog.run(host);
      }
    };
  }
}
