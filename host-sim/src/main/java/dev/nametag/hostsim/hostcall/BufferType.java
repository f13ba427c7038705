package dev.nametag.hostsim.hostcall;

import java.util.Optional;

/** The buffers of the ABI. */
public enum BufferType {
  HTTP_REQUEST_BODY(0),
  HTTP_RESPONSE_BODY(1),
  DOWNSTREAM_DATA(2),
  UPSTREAM_DATA(3),
  HTTP_CALL_RESPONSE_BODY(4),
  GRPC_RECEIVE_BUFFER(5),
  VM_CONFIGURATION(6),
  PLUGIN_CONFIGURATION(7),
  CALL_DATA(8);

  private final int number;

  BufferType(int number) {
    this.number = number;
  }

  /** The number in the ABI. */
  public int number() {
    return number;
  }

  /** The constant of that number in the ABI. */
  public static Optional<BufferType> of(int number) {
    for (BufferType candidate : values()) {
      if (candidate.number == number) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
