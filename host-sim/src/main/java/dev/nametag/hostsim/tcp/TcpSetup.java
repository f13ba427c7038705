package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.stream.Connection;
import dev.nametag.hostsim.stream.Listener;
import dev.nametag.hostsim.stream.Route;

/**
 * All that is settled before a connection's first byte.
 *
 * @param connection of the client; what it says of HTTP is of no use
 * @param listener whose buffer limit is that of both directions
 * @param cluster that the TCP proxy connects to
 * @param refused whether its host refuses the connection
 */
public record TcpSetup(
    Connection connection, Listener listener, Route.Cluster cluster, boolean refused) {

  /** A client at 127.0.0.1:50000, and a cluster that accepts connections. */
  public static final TcpSetup PLAIN =
      new TcpSetup(
          Connection.plain("127.0.0.1:50000"),
          Listener.PLAIN,
          Route.Cluster.of("upstream", "10.0.0.2:8080"),
          false);

  /** The same for another client. */
  public TcpSetup from(Connection other) {
    return new TcpSetup(other, listener, cluster, refused);
  }

  /** The same at another listener. */
  public TcpSetup on(Listener other) {
    return new TcpSetup(connection, other, cluster, refused);
  }

  /** The same with another cluster. */
  public TcpSetup to(Route.Cluster other) {
    return new TcpSetup(connection, listener, other, refused);
  }

  /** The same with a host that refuses the connection. */
  public TcpSetup toRefusingHost() {
    return new TcpSetup(connection, listener, cluster, true);
  }
}
