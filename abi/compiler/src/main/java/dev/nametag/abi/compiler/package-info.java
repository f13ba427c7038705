/**
 * Turns a main class into a Proxy-Wasm module that hosts accept: compiles it with TeaVM's
 * linear-memory WebAssembly backend, replaces what TeaVM's runtime would import, strips exports
 * that no host calls, and refuses a module that asks for more than hosts give.
 *
 * <p>Read {@link dev.nametag.abi.compiler.ModuleCompiler} first; {@link
 * dev.nametag.abi.compiler.Main} is its command line.
 */
package dev.nametag.abi.compiler;
