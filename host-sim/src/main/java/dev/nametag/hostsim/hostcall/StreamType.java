package dev.nametag.hostsim.hostcall;

import java.util.Optional;

/** The directions of a stream. Source: Proxy-Wasm ABI v0.2.1, proxy_stream_type_t. */
public enum StreamType {
  HTTP_REQUEST(0),
  HTTP_RESPONSE(1),
  DOWNSTREAM(2),
  UPSTREAM(3);

  private final int number;

  StreamType(int number) {
    this.number = number;
  }

  /** The number in the ABI. */
  public int number() {
    return number;
  }

  /** The constant of that number in the ABI. */
  public static Optional<StreamType> of(int number) {
    for (StreamType candidate : values()) {
      if (candidate.number == number) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
