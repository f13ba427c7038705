/**
 * Clusters that answer what a module asks of them, as a test or a demonstration says.
 *
 * <p>Read {@link dev.nametag.hostsim.upstream.HttpUpstream} and {@link
 * dev.nametag.hostsim.upstream.GrpcUpstream}: functions from a call to its answer, which has a time
 * in which it comes. {@link dev.nametag.hostsim.upstream.Clusters} knows them by name. Nothing here
 * knows modules or hostcalls.
 */
package dev.nametag.hostsim.upstream;
