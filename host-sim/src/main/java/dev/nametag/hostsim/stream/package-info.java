/**
 * Streams: what comes to Envoy, what becomes of it, and what the filter sees of that.
 *
 * <p>Read {@link dev.nametag.hostsim.stream.HttpStream} first: a stream that is driven step by step
 * from outside, by sockets or by a script. It is set up with a {@link
 * dev.nametag.hostsim.stream.StreamSetup}: the connection, the filters around ours ({@link
 * dev.nametag.hostsim.stream.FilterChain}) and the routes ({@link
 * dev.nametag.hostsim.stream.Route}). Behind it, {@link dev.nametag.hostsim.stream.ActiveStream} is
 * one run through the filters, {@link dev.nametag.hostsim.stream.RequestPath} down and {@link
 * dev.nametag.hostsim.stream.ResponsePath} up. Each filter is a {@link
 * dev.nametag.hostsim.stream.Link} with a {@link dev.nametag.hostsim.stream.FilterGate} in each
 * direction, where it holds things back, as much as {@link dev.nametag.hostsim.stream.BufferLimit}
 * lets it. {@link dev.nametag.hostsim.stream.WasmFilter} makes the callbacks of a module, {@link
 * dev.nametag.hostsim.stream.Router} deals with upstream, and {@link
 * dev.nametag.hostsim.stream.StreamContext} knows which headers and properties are there when.
 *
 * <p>A {@link dev.nametag.hostsim.stream.StreamScript} is a whole stream as data, {@link
 * dev.nametag.hostsim.stream.StreamCases} are many with what becomes of them; a {@link
 * dev.nametag.hostsim.stream.StreamScenario} is a short form of the usual ones.
 *
 * <p>Left out: headers that Envoy adds by itself (date, server, x-envoy-*, x-forwarded-*), waiting
 * between retries, per-route configuration of filters.
 */
package dev.nametag.hostsim.stream;
