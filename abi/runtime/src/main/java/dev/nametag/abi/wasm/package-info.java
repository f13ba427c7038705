/**
 * The module's border: raw imports and exports, and linear memory. The only package that names
 * TeaVM; it runs in WebAssembly alone.
 *
 * <p>Read {@link dev.nametag.abi.wasm.ProxyWasm} first: a filter's {@code main} calls it. {@link
 * dev.nametag.abi.wasm.HostMemory} explains how bytes cross the border.
 */
package dev.nametag.abi.wasm;
