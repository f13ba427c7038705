package dev.nametag.cli.gateway;

import dev.nametag.hostsim.stats.StatsMatcher;
import dev.nametag.hostsim.stats.TagSet;
import dev.nametag.hostsim.stats.TagSet.Specifier;
import java.util.List;
import java.util.Locale;

/** Whose bootstrap the simulated Envoy has, as far as stats are concerned. */
public enum Profile {
  /** Plain Envoy: its default tags, all stats. */
  ENVOY,
  /** A proxy of Istio. */
  ISTIO,
  /** A proxy of Envoy Gateway. */
  ENVOY_GATEWAY;

  boolean useAllDefaultTags() {
    return this != ISTIO;
  }

  StatsMatcher matcher() {
    return this == ISTIO ? StatsMatcher.ISTIO : StatsMatcher.ALL;
  }

  List<Specifier> statsTags(List<String> extraStatTags) {
    return switch (this) {
      case ENVOY -> List.of();
      case ISTIO -> TagSet.istioTags(extraStatTags);
      case ENVOY_GATEWAY -> TagSet.envoyGatewayTags();
    };
  }

  /** As the command line says it: {@code envoy-gateway}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
