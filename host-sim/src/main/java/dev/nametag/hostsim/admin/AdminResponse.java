package dev.nametag.hostsim.admin;

import dev.nametag.hostsim.bytes.ByteString;

/** An answer of the admin endpoints, which is always text. */
public record AdminResponse(int code, ByteString body) {}
