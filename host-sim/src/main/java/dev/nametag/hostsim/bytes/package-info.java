/**
 * Byte sequences, and what writes protobuf as such.
 *
 * <p>Header values, stat names and property values are bytes in Envoy, UTF-8 or not; {@link
 * dev.nametag.hostsim.bytes.ByteString} keeps them so. A body that is held grows in a {@link
 * dev.nametag.hostsim.bytes.ByteQueue}.
 */
package dev.nametag.hostsim.bytes;
