package dev.nametag.plugin;

/** The contract on the JVM. */
class ListOnJvmTest extends ListContract {
  @Override
  FilterRuns host() {
    return new FilterOnJvmTest();
  }
}
