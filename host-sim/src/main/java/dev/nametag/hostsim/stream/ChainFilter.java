package dev.nametag.hostsim.stream;

/** A filter around ours: one of Envoy's own kind, or another module. */
public sealed interface ChainFilter permits StreamFilter, ModuleFilter {}
