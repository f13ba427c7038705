package dev.nametag.hostsim.v8;

import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.testing.EngineUnderTest;

/** Makes V8 the engine of the host simulator's own tests. */
public final class V8UnderTest implements EngineUnderTest {

  @Override
  public EngineKind engine() {
    return V8Engine.orMissing();
  }
}
