package dev.nametag.abi;

/** The path of a property: segments joined by NUL. Source: Proxy-Wasm ABI v0.2.1, Properties. */
public final class PropertyPath {
  private final byte[] bytes;

  private PropertyPath(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the path with these segments, none of which contains NUL. */
  public static PropertyPath of(String... segments) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < segments.length; i++) {
      if (segments[i].indexOf('\0') >= 0) {
        throw new IllegalArgumentException("NUL in a path segment");
      }
      joined.append(i == 0 ? "" : "\0").append(segments[i]);
    }
    return new PropertyPath(Utf8.encode(joined.toString()));
  }

  /** Returns the path whose segments are joined already. */
  static PropertyPath ofBytes(byte[] bytes) {
    return new PropertyPath(bytes);
  }

  /** Returns the bytes that the host reads; not a copy, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return Utf8.decode(bytes, 0, bytes.length).replace('\0', '.');
  }
}
