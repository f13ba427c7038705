/**
 * V8 as an engine of the simulator, through Javet.
 *
 * <p>Read {@link dev.nametag.hostsim.v8.V8Engine} first. The release is V8 13.8, the branch in
 * Envoy 1.35 to 1.37. It is registered as a service, so that the host simulator's own tests,
 * compiled once more in this module, run on it.
 */
package dev.nametag.hostsim.v8;
