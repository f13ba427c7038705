package dev.nametag.abi;

/** Header maps. Source: Proxy-Wasm ABI v0.2.1, proxy_map_type_t. */
public enum MapType {
  /** 0. */
  REQUEST_HEADERS(0),
  /** 1. */
  REQUEST_TRAILERS(1),
  /** 2. */
  RESPONSE_HEADERS(2),
  /** 3. */
  RESPONSE_TRAILERS(3),
  /** 4. */
  GRPC_CALL_INITIAL_METADATA(4),
  /** 5. */
  GRPC_CALL_TRAILING_METADATA(5),
  /** 6. */
  HTTP_CALL_RESPONSE_HEADERS(6),
  /** 7. */
  HTTP_CALL_RESPONSE_TRAILERS(7);

  private final int code;

  MapType(int code) {
    this.code = code;
  }

  /** Returns the number in the ABI. */
  public int code() {
    return code;
  }

  /** Returns the map with this number. */
  static MapType of(int code) {
    for (MapType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("no header map has number " + code);
  }
}
