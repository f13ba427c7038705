/**
 * Streams: what comes to Envoy, what becomes of it, and what the filter sees of that.
 *
 * <p>Read {@link dev.nametag.hostsim.stream.StreamScenario} first, a stream as data; {@link
 * dev.nametag.hostsim.stream.StreamEnding} is the list of what can become of one. {@link
 * dev.nametag.hostsim.stream.StreamRun} makes the callbacks in Envoy's order, and {@link
 * dev.nametag.hostsim.stream.StreamContext} knows which headers and properties are there in which
 * phase.
 *
 * <p>Left to later slices: bodies and trailers (every request and response ends with its headers),
 * gRPC, where Envoy rewrites local replies, connections with TLS, and local replies that the module
 * itself sends. A filter that pauses a stream is not resumed: the client gives up.
 */
package dev.nametag.hostsim.stream;
