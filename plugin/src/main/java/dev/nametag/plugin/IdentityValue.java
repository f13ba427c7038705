package dev.nametag.plugin;

import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.Selector;
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
final class IdentityValue extends ValueSource {
  private final Property filterState;
  private final Property metadata;
  // The element itself if the selector ends in an index, otherwise null.
  private final Property element;
  private final int index;
  private final JsonText json;

  IdentityValue(RawHostcalls host, Stream stream, Selector selector) {
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
    this.json = new JsonText(stream, index);
    StringBuilder leaf = new StringBuilder("wasm.kuadrant");
    for (String name : names) {
      leaf.append('.').append(name);
    }
    this.filterState =
        new Property(host, stream.region, PropertyPath.of("filter_state", leaf.toString()));
    List<String> path = new ArrayList<>();
    path.add("metadata");
    path.add("filter_metadata");
    path.add("envoy.filters.http.ext_authz");
    path.addAll(names.subList(1, names.size()));
    this.metadata = new Property(host, stream.region, PropertyPath.of(path.toArray(new String[0])));
    path.add(Integer.toString(index));
    this.element =
        index < 0
            ? null
            : new Property(host, stream.region, PropertyPath.of(path.toArray(new String[0])));
  }

  @Override
  @HeapFree
  int read(Window value) {
    int found = filterState.read(value);
    if (found == FOUND) {
      return json.read(value);
    }
    if (found == NONE && element != null) {
      found = element.read(value);
    }
    if (found == NONE) {
      found = metadata.read(value);
      if (found == FOUND && index >= 0 && (Pairs.are(value) || !Text.element(value, index))) {
        return NONE;
      }
    }
    return found;
  }
}
