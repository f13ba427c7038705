/**
 * Proxy-Wasm ABI 0.2.1 for filters written in Java: hostcalls, callbacks and contexts, as plain
 * Java that runs on the JVM too.
 *
 * <p>Read {@link dev.nametag.abi.RootContext} and {@link dev.nametag.abi.HttpContext} first: a
 * filter extends them. They talk to the host through {@link dev.nametag.abi.Hostcalls}, which has
 * two implementations, the real one in {@link dev.nametag.abi.wasm} and whatever a test writes.
 * {@link dev.nametag.abi.Dispatcher} stands between the module's exports and the contexts.
 *
 * <p>Where each section of the ABI is or will be:
 *
 * <table>
 *   <caption>Sections of Proxy-Wasm ABI v0.2.1</caption>
 *   <tr><th>section</th><th>callbacks</th><th>hostcalls</th></tr>
 *   <tr><td>VM and plugin life cycle, contexts</td><td>{@code RootContext}, {@code Dispatcher}</td><td>built</td></tr>
 *   <tr><td>logging, clocks</td><td></td><td>built</td></tr>
 *   <tr><td>properties, header maps (reading), buffers (reading), metrics</td><td></td><td>built</td></tr>
 *   <tr><td>stream end: log, done, delete</td><td>{@code HttpContext}</td><td></td></tr>
 *   <tr><td>HTTP headers, body, trailers</td><td>not built; {@code HttpContext}</td><td>not built: changing maps and buffers</td></tr>
 *   <tr><td>TCP, timers, HTTP calls, gRPC, shared data, queues, foreign functions</td><td>not built</td><td>not built</td></tr>
 * </table>
 */
package dev.nametag.abi;
