package dev.nametag.hostsim.upstream;

import java.util.Map;
import java.util.Optional;

/** The clusters that an Envoy knows, and the names that its resolver knows. */
public record Clusters(
    Map<String, HttpUpstream> http, Map<String, GrpcUpstream> grpc, Map<String, DnsAnswer> names) {

  /** None. */
  public static final Clusters NONE = new Clusters(Map.of(), Map.of(), Map.of());

  public Clusters {
    http = Map.copyOf(http);
    grpc = Map.copyOf(grpc);
    names = Map.copyOf(names);
  }

  /** Whether there is a cluster of that name. */
  public boolean knows(String cluster) {
    return http.containsKey(cluster) || grpc.containsKey(cluster);
  }

  /** The cluster of that name, when it speaks HTTP. */
  public Optional<HttpUpstream> http(String cluster) {
    return Optional.ofNullable(http.get(cluster));
  }

  /** The cluster of that name, when it speaks gRPC. */
  public Optional<GrpcUpstream> grpc(String cluster) {
    return Optional.ofNullable(grpc.get(cluster));
  }
}
