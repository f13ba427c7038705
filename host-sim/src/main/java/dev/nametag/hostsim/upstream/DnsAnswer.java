package dev.nametag.hostsim.upstream;

import java.util.List;

/**
 * What the resolver knows of a name.
 *
 * @param addresses as Envoy writes them, {@code ip:port}; the port is 0 for what DNS answers
 */
public record DnsAnswer(int ttlSeconds, List<String> addresses) {
  public DnsAnswer {
    addresses = List.copyOf(addresses);
  }
}
