package dev.nametag.plugin;

/** The contract on the JVM. */
class IdentityOnJvmTest extends IdentityContract {
  @Override
  FilterRuns host() {
    return new FilterOnJvmTest();
  }
}
