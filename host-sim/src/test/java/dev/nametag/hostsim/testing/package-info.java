/**
 * Modules written by hand, and the Envoys that run them, for the tests of the simulator.
 *
 * <p>{@link dev.nametag.hostsim.testing.Wat} for whatever has control flow or state; {@link
 * dev.nametag.hostsim.testing.ModuleBuilder} where a test makes many modules from parameters,
 * leaves out parts of one, or writes what the text format cannot say.
 */
package dev.nametag.hostsim.testing;
