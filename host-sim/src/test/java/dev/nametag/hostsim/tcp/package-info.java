/** Tests of TCP connections. */
package dev.nametag.hostsim.tcp;
