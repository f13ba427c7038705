package dev.nametag.plugin;

/** The contract on the JVM. */
class PseudonymOnJvmTest extends PseudonymContract {
  @Override
  FilterRuns host() {
    return new FilterOnJvmTest();
  }
}
