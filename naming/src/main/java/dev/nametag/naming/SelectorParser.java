package dev.nametag.naming;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses a selector.
 *
 * <pre>
 * selector = name , { "." , name | "[" , ( integer | string ) , "]" } , [ split ]
 * split    = ".split(" , string , ")[" , integer , "]"
 * </pre>
 */
final class SelectorParser {
  /** The attributes of Envoy (Envoy documentation, Attributes), and {@code auth} for identity. */
  private static final String[] ROOTS = {
    "auth",
    "request",
    "response",
    "connection",
    "source",
    "destination",
    "upstream",
    "metadata",
    "filter_state",
    "xds",
    "plugin_name",
    "plugin_root_id",
    "plugin_vm_id",
  };

  private static final int MAX_INDEX = 1_000_000;

  private final String text;
  private int at;

  private SelectorParser(String text) {
    this.text = text;
  }

  /** Says column, counted from 1, and what was expected there. */
  static final class SelectorException extends Exception {
    private static final long serialVersionUID = 1L;

    SelectorException(String reason) {
      super(reason);
    }
  }

  static Selector parse(String text) throws SelectorException {
    return new SelectorParser(text).selector();
  }

  private Selector selector() throws SelectorException {
    List<Selector.Step> path = new ArrayList<>();
    String root = name();
    if (!isRoot(root)) {
      at = 0;
      throw fail("expected an attribute such as auth, request, metadata or xds");
    }
    path.add(new Selector.Key(root));
    Selector.Split split = null;
    while (at < text.length()) {
      if (split != null) {
        throw fail("expected the end after split");
      }
      if (accept('.')) {
        String name = name();
        if (name.equals("split") && at < text.length() && text.charAt(at) == '(') {
          split = split();
        } else {
          path.add(new Selector.Key(name));
        }
      } else if (accept('[')) {
        path.add(index());
      } else {
        throw fail("expected '.' or '['");
      }
    }
    if (path.size() == 1 && !root.startsWith("plugin_")) {
      throw fail("expected '.' or '[', since " + root + " is no single value");
    }
    return new Selector(text, path, split);
  }

  private Selector.Split split() throws SelectorException {
    expect('(');
    int start = at;
    String separator = string();
    if (separator.isEmpty()) {
      at = start;
      throw fail("expected a separator that is not empty");
    }
    expect(')');
    expect('[');
    int index = integer();
    expect(']');
    return new Selector.Split(separator, index);
  }

  private Selector.Step index() throws SelectorException {
    Selector.Step step;
    if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
      int start = at;
      String key = string();
      if (key.isEmpty()) {
        at = start;
        throw fail("expected a key that is not empty");
      }
      step = new Selector.Key(key);
    } else {
      step = new Selector.Index(integer());
    }
    expect(']');
    return step;
  }

  private String name() throws SelectorException {
    int start = at;
    while (at < text.length() && isNameChar(text.charAt(at), at == start)) {
      at++;
    }
    if (at == start) {
      throw fail("expected a name");
    }
    return text.substring(start, at);
  }

  private int integer() throws SelectorException {
    int start = at;
    int value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = value * 10 + (text.charAt(at) - '0');
      at++;
      if (value > MAX_INDEX) {
        at = start;
        throw fail("expected an index of at most " + MAX_INDEX);
      }
    }
    if (at == start) {
      throw fail("expected an index from 0 or a quoted key");
    }
    return value;
  }

  private String string() throws SelectorException {
    if (at >= text.length() || (text.charAt(at) != '"' && text.charAt(at) != '\'')) {
      throw fail("expected a quoted string");
    }
    char quote = text.charAt(at++);
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return out.toString();
      }
      if (c == '\\') {
        if (at >= text.length() || "\\\"'".indexOf(text.charAt(at)) < 0) {
          throw fail("expected \\, \" or ' after a backslash");
        }
        c = text.charAt(at++);
      }
      if (c == 0) {
        at--;
        throw fail("NUL cannot occur in an attribute path");
      }
      out.append(c);
    }
    throw fail("expected a closing quote");
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws SelectorException {
    if (!accept(c)) {
      throw fail("expected '" + c + "'");
    }
  }

  private SelectorException fail(String reason) {
    return new SelectorException("column " + (at + 1) + ": " + reason);
  }

  private static boolean isRoot(String name) {
    for (String root : ROOTS) {
      if (root.equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNameChar(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }
}
