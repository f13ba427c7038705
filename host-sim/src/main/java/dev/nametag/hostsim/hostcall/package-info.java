/**
 * The functions that a module imports from the host, one class for each section of the ABI.
 *
 * <p>Read {@link dev.nametag.hostsim.hostcall.HostFunctions} first: it knows every import that
 * Envoy has, with its signature, and refuses all others. {@link
 * dev.nametag.hostsim.hostcall.CallScope} is what all hostcalls of one VM share; {@link
 * dev.nametag.hostsim.hostcall.CallContext} is what they know of the context in which they are
 * made, a root or a stream. No hostcall throws: a bad address, for one, is INVALID_MEMORY_ACCESS.
 *
 * <p>{@link dev.nametag.hostsim.hostcall.RootActions} is what goes on beyond one callback: ticks,
 * calls to clusters, the end of a plugin. A new section is a new class and a line in {@code
 * HostFunctions}. Every hostcall of Envoy is there; {@code docs/host-simulator.md} says what of
 * Envoy stands behind each and what does not.
 */
package dev.nametag.hostsim.hostcall;
