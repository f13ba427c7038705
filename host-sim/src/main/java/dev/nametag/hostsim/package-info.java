/**
 * A simulator of Envoy as a Proxy-Wasm filter sees it.
 *
 * <p>{@link dev.nametag.hostsim.SimulatedEnvoy} takes any Proxy-Wasm module, brings up its VMs and
 * runs streams through it; {@link dev.nametag.hostsim.AdminServer} serves the stats that come of
 * it. Below lie, each knowing only those after it: {@code tcp}, {@code stream}, {@code vm}, {@code
 * hostcall}, {@code engine}; beside them {@code stats} and {@code admin}.
 *
 * <p>What is simulated follows Envoy's source, named where it is followed; what was only derived
 * from it and never seen in a running Envoy says so.
 */
package dev.nametag.hostsim;
