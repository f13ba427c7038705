/**
 * The filter: counts each request once, under the identity that called and by what became of it.
 *
 * <p>Read {@link dev.nametag.plugin.Counters} first: it is what happens per request. {@link
 * dev.nametag.plugin.NametagFilter} reads the configuration; {@link dev.nametag.plugin.Main} is the
 * one class that meets WebAssembly, so that everything else runs on the JVM as well. How names are
 * written is left to {@link dev.nametag.naming}, the border to the host to {@link dev.nametag.abi}.
 */
package dev.nametag.plugin;
