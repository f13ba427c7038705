package dev.nametag.plugin;

/** The contract on the JVM. */
class PseudonymOnJvmTest extends PseudonymContract {
  @Override
  FilterContract host() {
    return new FilterOnJvmTest();
  }
}
