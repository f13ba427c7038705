/**
 * What {@code nametag gateway} is told by its file: {@link dev.nametag.cli.gateway.GatewayFile}
 * reads it, with every fault at once, and gives what the simulator takes.
 */
package dev.nametag.cli.gateway;
