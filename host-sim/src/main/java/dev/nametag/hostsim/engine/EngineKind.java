package dev.nametag.hostsim.engine;

/** How a module is executed. */
public enum EngineKind {
  /** Translated to JVM bytecode once; the JVM then compiles what is hot. */
  COMPILER,
  /** Interpreted: starts at once and runs slowly. */
  INTERPRETER
}
