package dev.nametag.hostsim.stats;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a tag with a regular expression that is searched for anywhere in a name: its first group is
 * taken out of the name, its second one, if it has one, is the tag's value.
 *
 * <p>Source: Envoy source/common/stats/tag_extractor_impl.cc, TagExtractorStdRegexImpl and
 * TagExtractorRe2Impl. Both run on java.util.regex here. What differs between it and {@code
 * std::regex} is translated ({@link StdRegex}); Envoy's built-in expressions mean the same in RE2.
 * The complexity limits of libc++ are not simulated.
 */
final class RegexTagExtractor implements TagExtractor {

  private final String tagName;
  private final Pattern pattern;
  private final String prefixToken;
  private final String mustContain;
  private final boolean builtIn;
  private final String notThisValue;

  private RegexTagExtractor(String tagName, String regex, boolean builtIn, String notThisValue) {
    this.tagName = tagName;
    this.pattern = StdRegex.compile(regex);
    this.prefixToken = prefixToken(regex);
    this.mustContain = LiteralStart.of(regex);
    this.builtIn = builtIn;
    this.notThisValue = notThisValue;
  }

  /** One from the configuration, which Envoy runs with {@code std::regex}. */
  static RegexTagExtractor configured(String tagName, String regex) {
    return new RegexTagExtractor(tagName, regex, false, "");
  }

  /** One of Envoy's own, which it runs with RE2. */
  static RegexTagExtractor builtIn(String tagName, String regex) {
    return new RegexTagExtractor(tagName, regex, true, "");
  }

  /** One of Envoy's own that passes over one value. */
  static RegexTagExtractor builtIn(String tagName, String regex, String notThisValue) {
    return new RegexTagExtractor(tagName, regex, true, notThisValue);
  }

  @Override
  public String tagName() {
    return tagName;
  }

  @Override
  public String prefixToken() {
    return prefixToken;
  }

  @Override
  public boolean extract(String name, List<Tag> tags, BitSet removed) {
    if (!name.contains(mustContain)) {
      return false;
    }
    Matcher match = pattern.matcher(name);
    if (!match.find() || match.groupCount() == 0) {
      return false;
    }
    String value = match.group(match.groupCount() > 1 ? 2 : 1);
    if (builtIn) {
      if (match.start(1) == match.end(1)) {
        return false;
      }
      value = value == null || value.isEmpty() ? match.group(1) : value;
      if (!notThisValue.isEmpty() && notThisValue.equals(value)) {
        return false;
      }
    }
    // A group of std::regex that takes no part in the match is empty.
    tags.add(new Tag(tagName, TagExtractor.bytes(value == null ? "" : value)));
    if (match.start(1) >= 0) {
      removed.set(match.start(1), match.end(1));
    }
    return true;
  }

  /**
   * The token that the expression can only match at the start of a name, if it says so plainly: as
   * {@code ^word\.}, {@code ^word(?=\.)} or {@code ^word$}. Source: extractRegexPrefix.
   */
  private static String prefixToken(String regex) {
    if (!regex.startsWith("^")) {
      return "";
    }
    int end = 1;
    while (end < regex.length() && isWord(regex.charAt(end))) {
      end++;
    }
    boolean dot = regex.startsWith("\\.", end) || regex.startsWith("(?=\\.)", end);
    boolean last = end == regex.length() - 1 && regex.charAt(end) == '$';
    return end > 1 && (dot || last) ? regex.substring(1, end) : "";
  }

  private static boolean isWord(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
