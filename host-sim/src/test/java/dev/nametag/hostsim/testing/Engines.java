package dev.nametag.hostsim.testing;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The engines to test on. An engine that is registered as a service takes the compiler's place in
 * all tests, so that the same sources test it where they are compiled once more.
 */
public final class Engines {

  private static final Optional<EngineUnderTest> REGISTERED =
      ServiceLoader.load(EngineUnderTest.class).findFirst();

  private Engines() {}

  /** Those for tests of what engines do differently inside. */
  public static Stream<EngineKind> all() {
    return registered()
        .map(Stream::of)
        .orElseGet(() -> Stream.of(EngineKind.COMPILER, EngineKind.INTERPRETER));
  }

  /** The one for all other tests. */
  public static EngineKind underTest() {
    return registered().orElse(EngineKind.COMPILER);
  }

  /** The one for tests that load many modules and run each for a moment. */
  public static EngineKind forManyModules() {
    return registered().orElse(EngineKind.INTERPRETER);
  }

  /** A builder with the engine under test. */
  public static SimulatedEnvoy.Builder envoy() {
    return SimulatedEnvoy.builder().engine(underTest());
  }

  private static Optional<EngineKind> registered() {
    return REGISTERED.map(EngineUnderTest::engine);
  }
}
