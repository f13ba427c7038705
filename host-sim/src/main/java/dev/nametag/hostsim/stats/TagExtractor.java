package dev.nametag.hostsim.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.BitSet;
import java.util.List;

/**
 * Looks for one tag in the full names of stats. Names and values are byte strings held in Latin-1
 * text, one character for each byte.
 */
interface TagExtractor {

  /** The tag's name. */
  String tagName();

  /** The first token that a name must have to be looked at, or an empty text for any name. */
  String prefixToken();

  /**
   * Adds the tag and marks the characters that it takes out of the name.
   *
   * @return whether the tag was found
   */
  boolean extract(String name, List<Tag> tags, BitSet removed);

  /** The bytes as Latin-1 text. */
  static String latin1(ByteString bytes) {
    return new String(bytes.toByteArray(), ISO_8859_1);
  }

  /** The bytes that the Latin-1 text holds. */
  static ByteString bytes(String latin1) {
    return ByteString.of(latin1.getBytes(ISO_8859_1));
  }

  /** The UTF-8 form of the text as Latin-1 text. */
  static String utf8InLatin1(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }
}
