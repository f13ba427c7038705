/**
 * The compiled module in {@code proxy-wasm-java-host}, a Proxy-Wasm host that shares nothing with
 * our simulator. It has no attributes of its own: {@link dev.nametag.plugin.javahost.PlayedStream}
 * gives those that the filter reads.
 */
package dev.nametag.plugin.javahost;
