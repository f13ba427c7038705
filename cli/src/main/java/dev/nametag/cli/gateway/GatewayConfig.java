package dev.nametag.cli.gateway;

import dev.nametag.hostsim.gateway.GatewaySettings;

/** What a gateway file says. */
public record GatewayConfig(GatewaySettings settings, StatsConfig stats) {}
