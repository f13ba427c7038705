package dev.nametag.hostsim.stream;

import java.util.Map;

/**
 * A frame of metadata, as HTTP/2 has it in Envoy, and when it comes.
 *
 * @param afterParts after how many parts of the body; 0 is before them, after the headers
 */
public record MetadataFrame(int afterParts, Map<String, String> elements) {

  /** Checks and copies. */
  public MetadataFrame {
    if (afterParts < 0) {
      throw new IllegalArgumentException("after parts: at least 0, not " + afterParts);
    }
    elements = Map.copyOf(elements);
  }

  /** A frame that comes before the body. */
  public static MetadataFrame of(Map<String, String> elements) {
    return new MetadataFrame(0, elements);
  }
}
