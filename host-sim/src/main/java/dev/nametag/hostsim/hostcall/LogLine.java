package dev.nametag.hostsim.hostcall;

/**
 * A line in Envoy's log.
 *
 * @param message in Envoy's form: {@code wasm log name root_id vm_id: text} for what a module logs
 */
public record LogLine(LogLevel level, String message) {}
