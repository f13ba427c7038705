package dev.nametag.plugin;

/** The contract on the JVM. */
class IdentityOnJvmTest extends IdentityContract {
  @Override
  FilterContract host() {
    return new FilterOnJvmTest();
  }
}
