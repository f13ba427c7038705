package dev.nametag.hostsim.tcp;

/**
 * Who has closed a connection, as {@code proxy_on_downstream_connection_close} and {@code
 * proxy_on_upstream_connection_close} are told. Source: Proxy-Wasm ABI v0.2.1, proxy_peer_type_t.
 */
public enum CloseType {
  UNKNOWN(0),
  /** Envoy has. */
  LOCAL(1),
  /** The other side has. */
  REMOTE(2);

  private final int number;

  CloseType(int number) {
    this.number = number;
  }

  /** The number in the ABI. */
  public int number() {
    return number;
  }
}
