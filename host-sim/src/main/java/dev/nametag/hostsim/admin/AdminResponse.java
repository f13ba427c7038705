package dev.nametag.hostsim.admin;

import dev.nametag.hostsim.bytes.ByteString;

/** An answer of the admin endpoints. */
public record AdminResponse(int code, String contentType, ByteString body) {}
