package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;

/**
 * A label that was found in the name of a stat.
 *
 * @param name as it is configured; pages write every byte outside {@code [a-zA-Z0-9_]} as {@code _}
 * @param value any bytes; empty bytes are a value, too
 */
public record Tag(String name, ByteString value) {}
