/** Modules written by hand, and the Envoys that run them, for the tests of the simulator. */
package dev.nametag.hostsim.testing;
