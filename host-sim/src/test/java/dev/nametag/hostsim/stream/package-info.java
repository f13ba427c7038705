/** Streams, row by row. */
package dev.nametag.hostsim.stream;
