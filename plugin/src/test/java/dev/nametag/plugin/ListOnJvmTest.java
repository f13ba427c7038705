package dev.nametag.plugin;

/** The contract on the JVM. */
class ListOnJvmTest extends ListContract {
  @Override
  FilterContract host() {
    return new FilterOnJvmTest();
  }
}
