package dev.nametag.hostsim.stream;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connection that a client's requests come over.
 *
 * @param protocol as {@code request.protocol} gives it: HTTP/1.1, HTTP/2, HTTP/3
 * @param source of the client, {@code ip:port}
 * @param destination that the client connected to, {@code ip:port}
 * @param requestedServerName of TLS; empty when there was none
 * @param terminationDetails why Envoy ends the connection, which network filters say
 */
public record Connection(
    long id,
    String protocol,
    String source,
    String destination,
    String requestedServerName,
    Optional<Tls> tls,
    Optional<String> terminationDetails) {

  /** A connection that is not to be ended. */
  public Connection(
      long id,
      String protocol,
      String source,
      String destination,
      String requestedServerName,
      Optional<Tls> tls) {
    this(id, protocol, source, destination, requestedServerName, tls, Optional.empty());
  }

  /** A connection without TLS. */
  public static Connection plain(String source) {
    return new Connection(1, "HTTP/1.1", source, "127.0.0.1:10000", "", Optional.empty());
  }

  /** Whether its protocol has frames of metadata, which HTTP/1.1 has not. */
  public boolean hasMetadata() {
    return protocol.equals("HTTP/2") || protocol.equals("HTTP/3");
  }

  /** The same connection over TLS. */
  public Connection over(String serverName, Tls newTls) {
    return new Connection(
        id, protocol, source, destination, serverName, Optional.of(newTls), terminationDetails);
  }

  /** The same connection with another protocol. */
  public Connection speaking(String newProtocol) {
    return new Connection(
        id, newProtocol, source, destination, requestedServerName, tls, terminationDetails);
  }

  /** The same connection, about to be ended for that reason. */
  public Connection endedBecause(String details) {
    return new Connection(
        id, protocol, source, destination, requestedServerName, tls, Optional.of(details));
  }

  /**
   * What TLS knows of the peers. Source: Envoy source/extensions/filters/common/expr/context.cc,
   * SslExtractorsValues.
   *
   * @param peerCertificatePresented whether the peer showed one, which is {@code connection.mtls}
   * @param attributes by the names under {@code connection}; those left out are not there
   */
  public record Tls(boolean peerCertificatePresented, Map<String, String> attributes) {

    private static final Set<String> NAMES =
        Set.of(
            "tls_version",
            "subject_local_certificate",
            "subject_peer_certificate",
            "uri_san_local_certificate",
            "uri_san_peer_certificate",
            "dns_san_local_certificate",
            "dns_san_peer_certificate",
            "sha256_peer_certificate_digest",
            "peer_certificate");

    /** Checks and copies. */
    public Tls {
      attributes = Map.copyOf(attributes);
      for (String name : attributes.keySet()) {
        if (!NAMES.contains(name)) {
          throw new IllegalArgumentException("no attribute of TLS is called " + name);
        }
      }
    }
  }
}
