package dev.nametag.plugin;

import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.Utf8;
import dev.nametag.naming.Selector;
import dev.nametag.naming.json.JsonNumber;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code auth.…} from where authentication leaves it; a client can set none of these places.
 *
 * <ol>
 *   <li>Kuadrant's wasm-shim up to 0.12: filter state, one key per leaf, whose value is JSON text
 *       ({@code "alice"} with its quotes).
 *   <li>Envoy's ext_authz filter, which Authorino answers: dynamic metadata.
 * </ol>
 *
 * <p>An index at the end, as in {@code auth.identity.groups[0]}, takes an element of a list,
 * however the list is written: a JSON array, a list in the metadata, or a text with commas.
 */
final class IdentityValue implements ValueSource {
  private final Hostcalls host;
  private final PropertyPath filterState;
  private final PropertyPath metadata;
  // The path of the element itself if the selector ends in an index, otherwise null.
  private final PropertyPath element;
  private final int index;

  IdentityValue(Hostcalls host, Selector selector) {
    this.host = host;
    List<String> names = new ArrayList<>();
    int lastIndex = -1;
    for (Selector.Step step : selector.path()) {
      if (lastIndex >= 0) {
        names.add(Integer.toString(lastIndex));
        lastIndex = -1;
      }
      if (step instanceof Selector.Key key) {
        names.add(key.name());
      } else {
        lastIndex = ((Selector.Index) step).index();
      }
    }
    this.index = lastIndex;
    StringBuilder leaf = new StringBuilder("wasm.kuadrant");
    for (String name : names) {
      leaf.append('.').append(name);
    }
    this.filterState = PropertyPath.of("filter_state", leaf.toString());
    List<String> path = new ArrayList<>();
    path.add("metadata");
    path.add("filter_metadata");
    path.add("envoy.filters.http.ext_authz");
    path.addAll(names.subList(1, names.size()));
    this.metadata = PropertyPath.of(path.toArray(new String[0]));
    path.add(Integer.toString(index));
    this.element = index < 0 ? null : PropertyPath.of(path.toArray(new String[0]));
  }

  @Override
  public boolean read(HostBytes value) {
    if (host.getProperty(filterState, value)) {
      return fromJson(value);
    }
    if (element != null && host.getProperty(element, value)) {
      return true;
    }
    if (!host.getProperty(metadata, value)) {
      return false;
    }
    return index < 0 || (!Pairs.are(value) && Text.element(value, index));
  }

  private boolean fromJson(HostBytes value) {
    if (unquote(value)) {
      return index < 0 || Text.element(value, index);
    }
    Object json;
    try {
      // What starts otherwise is no JSON; asking first spares an exception per request.
      if (!startsLikeJson(value) || !Utf8.isValid(value.array(), value.offset(), value.end())) {
        return index < 0 || Text.element(value, index);
      }
      json = JsonReader.read(value.text());
    } catch (JsonSyntaxException e) {
      // Not JSON after all: the text itself is the value.
      return index < 0 || Text.element(value, index);
    }
    if (json instanceof List<?> list && index >= 0) {
      return index < list.size() && scalar(list.get(index), value);
    }
    return scalar(json, value) && (index < 0 || Text.element(value, index));
  }

  private static boolean startsLikeJson(HostBytes value) {
    return value.length() > 0
        && "\"[{-0123456789tfn \t\r\n".indexOf(value.array()[value.offset()]) >= 0;
  }

  /** Takes the quotes off a JSON string without escapes, the usual case, in place. */
  private static boolean unquote(HostBytes value) {
    byte[] bytes = value.array();
    int last = value.end() - 1;
    if (value.length() < 2 || bytes[value.offset()] != '"' || bytes[last] != '"') {
      return false;
    }
    for (int i = value.offset() + 1; i < last; i++) {
      if (bytes[i] == '"' || bytes[i] == '\\' || (bytes[i] >= 0 && bytes[i] < ' ')) {
        return false;
      }
    }
    value.set(bytes, value.offset() + 1, value.length() - 2);
    return true;
  }

  /**
   * Shows a string without its quotes, a number or a truth value as it is written. Null, a list, an
   * object, and a string that is no Unicode text are no values: as texts they could be taken for
   * others.
   */
  private static boolean scalar(Object json, HostBytes value) {
    if (json instanceof String text) {
      if (hasHalfACharacter(text)) {
        return false;
      }
      show(text, value);
    } else if (json instanceof JsonNumber number) {
      show(number.text(), value);
    } else if (json instanceof Boolean truth) {
      show(truth ? "true" : "false", value);
    } else {
      return false;
    }
    return true;
  }

  private static boolean hasHalfACharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0xd800 && c <= 0xdfff) {
        char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        if (c >= 0xdc00 || next < 0xdc00 || next > 0xdfff) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static void show(String text, HostBytes value) {
    byte[] bytes = Utf8.encode(text);
    value.set(bytes, 0, bytes.length);
  }
}
