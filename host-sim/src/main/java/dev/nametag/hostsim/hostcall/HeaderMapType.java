package dev.nametag.hostsim.hostcall;

import java.util.Optional;

/** The header maps of the ABI. */
public enum HeaderMapType {
  REQUEST_HEADERS(0),
  REQUEST_TRAILERS(1),
  RESPONSE_HEADERS(2),
  RESPONSE_TRAILERS(3),
  GRPC_RECEIVE_INITIAL_METADATA(4),
  GRPC_RECEIVE_TRAILING_METADATA(5),
  HTTP_CALL_RESPONSE_HEADERS(6),
  HTTP_CALL_RESPONSE_TRAILERS(7);

  private final int number;

  HeaderMapType(int number) {
    this.number = number;
  }

  /** The number in the ABI. */
  public int number() {
    return number;
  }

  /** Whether it is of a call that the module has made itself, not of a stream. */
  boolean ofCall() {
    return number >= GRPC_RECEIVE_INITIAL_METADATA.number;
  }

  /** The constant of that number in the ABI. */
  public static Optional<HeaderMapType> of(int number) {
    for (HeaderMapType candidate : values()) {
      if (candidate.number == number) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
