package dev.nametag.hostsim.engine;

/**
 * One export of a module.
 *
 * @param signature of a function; without parameters and results for every other kind
 */
public record ModuleExport(String name, ExternKind kind, Signature signature) {}
