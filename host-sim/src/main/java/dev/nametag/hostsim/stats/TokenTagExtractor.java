package dev.nametag.hostsim.stats;

import java.util.BitSet;
import java.util.List;

/**
 * Finds a tag by the tokens of a name: {@code $} is the tag, {@code *} any one token, {@code **} at
 * the end one token or more, elsewhere any number.
 *
 * <p>Source: Envoy source/common/stats/tag_extractor_impl.cc, TagExtractorTokensImpl.
 */
final class TokenTagExtractor implements TagExtractor {

  private final String tagName;
  private final String[] pattern;

  TokenTagExtractor(String tagName, String pattern) {
    this.tagName = tagName;
    this.pattern = pattern.split("\\.", -1);
  }

  @Override
  public String tagName() {
    return tagName;
  }

  @Override
  public String prefixToken() {
    return switch (pattern[0]) {
      case "$", "*", "**" -> "";
      default -> pattern[0];
    };
  }

  @Override
  public boolean extract(String name, List<Tag> tags, BitSet removed) {
    int start = search(name, 0, 0, -1);
    if (start < 0) {
      return false;
    }
    int end = endOfToken(name, start);
    tags.add(new Tag(tagName, TagExtractor.bytes(name.substring(start, end))));
    if (end < name.length()) {
      removed.set(start, end + 1);
    } else {
      removed.set(Math.max(start - 1, 0), end);
    }
    return true;
  }

  /** Returns where the tag starts, or -1. Tokens are given by their first character. */
  private int search(String name, int from, int firstPattern, int tagStart) {
    int at = from;
    int found = tagStart;
    for (int i = firstPattern; i < pattern.length; i++) {
      if (at > name.length()) {
        return -1;
      }
      int end = endOfToken(name, at);
      switch (pattern[i]) {
        case "$" -> found = at;
        case "*" -> {}
        case "**" -> {
          if (i == pattern.length - 1) {
            return found;
          }
          for (int rest = at; rest <= name.length(); rest = endOfToken(name, rest) + 1) {
            int start = search(name, rest, i + 1, found);
            if (start >= 0) {
              return start;
            }
          }
          return -1;
        }
        default -> {
          if (pattern[i].length() != end - at || !name.startsWith(pattern[i], at)) {
            return -1;
          }
        }
      }
      at = end + 1;
    }
    return at > name.length() ? found : -1;
  }

  private static int endOfToken(String name, int start) {
    int dot = name.indexOf('.', start);
    return dot < 0 ? name.length() : dot;
  }
}
