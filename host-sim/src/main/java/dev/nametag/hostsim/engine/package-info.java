/**
 * The WebAssembly engine behind a few interfaces; the only package that names Chicory. Another
 * engine implements {@link dev.nametag.hostsim.engine.EngineKind}.
 *
 * <p>Read {@link dev.nametag.hostsim.engine.Engine} first: it loads a module, whose {@linkplain
 * dev.nametag.hostsim.engine.LoadedModule imports and exports} can be listed and which can be
 * instantiated any number of times. What goes wrong while running is a {@link
 * dev.nametag.hostsim.engine.WasmTrapException}, whatever the cause was. Which imports exist and
 * what they do is not known here.
 */
package dev.nametag.hostsim.engine;
