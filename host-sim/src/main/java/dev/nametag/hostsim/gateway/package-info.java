/**
 * A gateway with real sockets: HTTP/1.1 comes in, runs through the simulated Envoy, and goes on to
 * an upstream or to one that is built in.
 *
 * <p>Read {@link dev.nametag.hostsim.gateway.Gateway} first; what it does is said by {@link
 * dev.nametag.hostsim.gateway.GatewaySettings}. Each worker is one thread with an event loop and
 * has a VM of its own, as in Envoy; a connection stays with the worker that took it. {@link
 * dev.nametag.hostsim.gateway.DownstreamConnection} makes streams of what comes over a connection,
 * {@link dev.nametag.hostsim.gateway.GatewayStream} is both ends of one stream, {@link
 * dev.nametag.hostsim.gateway.Backend} is what answers behind it.
 *
 * <p>Bytes are made messages by Netty; what a message means, and what becomes of it, is decided
 * here, as Envoy's HTTP/1 codec and connection manager do.
 *
 * <p>Left out: TLS, HTTP/2, tunnels after an upgrade, and the headers that Envoy adds by itself.
 */
package dev.nametag.hostsim.gateway;
