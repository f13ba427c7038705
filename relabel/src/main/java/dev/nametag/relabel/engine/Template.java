package dev.nametag.relabel.engine;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * A replacement with references to groups, taken apart once.
 *
 * <p>Source: Go regexp, Expand. {@code $name} takes the longest run of letters, digits and
 * underscores, so {@code $1x} means a group called {@code 1x}; a group that does not exist is
 * empty; {@code $$} is a dollar; a dollar that begins no reference stands for itself.
 */
final class Template {
  /** The text between references; one more than there are groups. */
  private final List<String> texts = new ArrayList<>();

  /** Group numbers; -1 for a group that does not exist. */
  private final List<Integer> groups = new ArrayList<>();

  private Template() {}

  static Template compile(String template, Pattern pattern) {
    Template compiled = new Template();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c != '$') {
        text.append(c);
        at++;
        continue;
      }
      if (template.startsWith("$$", at)) {
        text.append('$');
        at += 2;
        continue;
      }
      boolean brace = template.startsWith("${", at);
      int start = at + (brace ? 2 : 1);
      int end = endOfName(template, start);
      if (end == start || (brace && !template.startsWith("}", end))) {
        text.append('$');
        at++;
        continue;
      }
      compiled.texts.add(text.toString());
      text.setLength(0);
      compiled.groups.add(group(template.substring(start, end), pattern));
      at = brace ? end + 1 : end;
    }
    compiled.texts.add(text.toString());
    return compiled;
  }

  private static int endOfName(String template, int start) {
    int end = start;
    while (end < template.length()) {
      int c = template.codePointAt(end);
      if (!Character.isLetter(c) && !Character.isDigit(c) && c != '_') {
        break;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  private static int group(String name, Pattern pattern) {
    boolean digits = name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (digits && name.length() <= 8 && (name.length() == 1 || name.charAt(0) != '0')) {
      int number = Integer.parseInt(name);
      return number <= pattern.groupCount() ? number : -1;
    }
    return pattern.namedGroups().getOrDefault(name, -1);
  }

  /** Returns what the template is for every match; null if that depends on the match. */
  String constant() {
    return groups.isEmpty() ? texts.get(0) : null;
  }

  /** Appends the template with the groups of the last match. */
  void expand(RegexProgram.Run run, StringBuilder to) {
    for (int i = 0; i < groups.size(); i++) {
      to.append(texts.get(i));
      int group = groups.get(i);
      if (group >= 0) {
        run.appendGroup(group, to);
      }
    }
    to.append(texts.get(groups.size()));
  }
}
