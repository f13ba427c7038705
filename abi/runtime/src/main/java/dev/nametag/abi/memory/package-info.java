/**
 * Memory without objects, for what a filter does with every request.
 *
 * <p>Read {@link dev.nametag.abi.memory.Memory} first: bytes and numbers at addresses. {@link
 * dev.nametag.abi.memory.RawHostcalls} are the hostcalls that work on them, {@link
 * dev.nametag.abi.memory.MemoryMap} finds what belongs to a key of bytes, and {@link
 * dev.nametag.abi.memory.HeapFree} marks the code that may use nothing else. All of it runs on the
 * JVM too, where the memory is one array.
 */
package dev.nametag.abi.memory;
