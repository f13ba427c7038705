/**
 * Time as the simulated Envoy has it, real or set by a test, and what is to happen in it.
 *
 * <p>Read {@link dev.nametag.hostsim.time.SimClock} first; {@link
 * dev.nametag.hostsim.time.EventLoop} is what a thread of Envoy still has to do.
 */
package dev.nametag.hostsim.time;
