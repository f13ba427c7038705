/**
 * Which Envoy is simulated: {@link dev.nametag.hostsim.release.EnvoyVersion}. What differs is said
 * where it is done: hostcalls in {@code hostcall}, pages in {@code stats}.
 */
package dev.nametag.hostsim.release;
