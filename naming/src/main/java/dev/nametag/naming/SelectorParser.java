package dev.nametag.naming;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses a selector or a constant.
 *
 * <pre>
 * source   = string | selector
 * selector = ( path | type , "(" , path , ")" ) , [ split ]
 * type     = "string" | "int" | "double" | "bool"
 * path     = name , { "." , name | "[" , ( integer | string ) , "]" }
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

  static Source parse(String text) throws SelectorException {
    SelectorParser parser = new SelectorParser(text);
    return parser.atQuote() ? parser.constant() : parser.selector();
  }

  private Constant constant() throws SelectorException {
    String value = string();
    if (at < text.length()) {
      throw fail("expected the end after a string");
    }
    return new Constant(value);
  }

  private Selector selector() throws SelectorException {
    List<Selector.Step> path = new ArrayList<>();
    String root = name();
    Selector.Type type = typeOf(root);
    if (type != Selector.Type.ANY) {
      expect('(');
      root = name();
    }
    if (!isRoot(root)) {
      at -= root.length();
      throw fail("expected an attribute such as auth, request, metadata or xds");
    }
    path.add(new Selector.Key(root));
    boolean open = type != Selector.Type.ANY;
    Selector.Split split = null;
    while (at < text.length() || open) {
      if (split != null) {
        throw fail("expected the end after split");
      }
      if (open && accept(')')) {
        single(path);
        open = false;
      } else if (accept('.')) {
        int start = at;
        String name = name();
        if (!open && name.equals("split") && at < text.length() && text.charAt(at) == '(') {
          split = split();
        } else if (!open && type != Selector.Type.ANY) {
          at = start;
          throw fail("expected split after " + nameOf(type) + "(…)");
        } else {
          path.add(new Selector.Key(name));
        }
      } else if (!open && type != Selector.Type.ANY) {
        throw fail("expected the end or '.split'");
      } else if (accept('[')) {
        path.add(index());
      } else {
        throw fail(open ? "expected '.', '[' or ')'" : "expected '.' or '['");
      }
    }
    single(path);
    return new Selector(text, type, path, split);
  }

  private void single(List<Selector.Step> path) throws SelectorException {
    String root = ((Selector.Key) path.get(0)).name();
    if (path.size() == 1 && !root.startsWith("plugin_")) {
      throw fail("expected '.' or '[', since " + root + " is no single value");
    }
  }

  private Selector.Type typeOf(String name) {
    if (at < text.length() && text.charAt(at) == '(') {
      for (Selector.Type type : Selector.Type.values()) {
        if (type != Selector.Type.ANY && nameOf(type).equals(name)) {
          return type;
        }
      }
    }
    return Selector.Type.ANY;
  }

  private static String nameOf(Selector.Type type) {
    return switch (type) {
      case ANY -> "";
      case STRING -> "string";
      case INT -> "int";
      case DOUBLE -> "double";
      case BOOL -> "bool";
    };
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
    if (atQuote()) {
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
    if (!atQuote()) {
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
        throw fail("NUL cannot occur in a string");
      }
      out.append(c);
    }
    throw fail("expected a closing quote");
  }

  private boolean atQuote() {
    return at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'');
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
