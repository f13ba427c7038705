package dev.nametag.hostsim.testing;

import dev.nametag.hostsim.engine.EngineKind;

/** A service: the engine to run the tests on, where they are compiled once more for another. */
public interface EngineUnderTest {

  /** The engine; called in the test, so that it can skip the test where there is none. */
  EngineKind engine();
}
