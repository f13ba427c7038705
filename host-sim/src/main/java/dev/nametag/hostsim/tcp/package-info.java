/**
 * TCP connections through a module: Envoy's {@code envoy.filters.network.wasm} before its {@code
 * envoy.filters.network.tcp_proxy}, in memory.
 *
 * <p>Read {@link dev.nametag.hostsim.tcp.TcpConnection} first: what client and upstream do goes in
 * there, and what came of it comes out as a {@link dev.nametag.hostsim.tcp.TcpResult}. Behind it,
 * {@link dev.nametag.hostsim.tcp.ActiveConnection} is Envoy's connection with both filters, {@link
 * dev.nametag.hostsim.tcp.NetworkFilter} makes the callbacks of the module, and {@link
 * dev.nametag.hostsim.tcp.ReadBuffer} is what has come from one side and was not let pass.
 *
 * <p>Left out: TLS, other network filters around the module, retries of connecting, idle timeouts,
 * listeners without half-close.
 */
package dev.nametag.hostsim.tcp;
