package dev.nametag.plugin;

import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.memory.HeapFree;
import dev.nametag.abi.memory.RawHostcalls;

/**
 * Reads {@code auth.…} from where authentication leaves it; a client can set none of these places.
 *
 * <ol>
 *   <li>Kuadrant's wasm-shim from 0.13 on: filter state, all of it one protobuf Struct.
 *   <li>Kuadrant's wasm-shim up to 0.12: filter state, one key per leaf, whose value is JSON text
 *       ({@code "alice"} with its quotes).
 *   <li>Envoy's ext_authz filter, which Authorino answers: dynamic metadata.
 * </ol>
 *
 * <p>A proxy has one wasm-shim, which writes one of the first two. So as long as no Struct has been
 * seen, the leaf is looked for first once there has been one.
 *
 * <p>An index at the end, as in {@code auth.identity.groups[0]}, takes an element of a list,
 * however the list is written: a JSON array, a list in protobuf or in the metadata, or a text with
 * commas.
 */
final class IdentityValue extends ValueSource {
  private final Stream stream;
  private final StructValue struct;
  private final Property leaf;
  private final MetadataValue metadata;
  // Null if the label takes lists, of which the text is then read.
  private final JsonText json;

  IdentityValue(
      RawHostcalls host,
      Stream stream,
      Steps steps,
      StructValue struct,
      MetadataValue metadata,
      boolean lists) {
    this.stream = stream;
    this.struct = struct;
    this.metadata = metadata;
    this.json = lists ? null : new JsonText(stream, steps.index);
    String key = "wasm.kuadrant." + steps.dotted();
    this.leaf = new Property(host, stream.region, PropertyPath.of("filter_state", key));
  }

  @Override
  @HeapFree
  int read(Window value) {
    if (!stream.leafFirst) {
      return readStructFirst(value);
    }
    int found = leaf.read(value);
    if (found == FOUND) {
      return text(value);
    }
    return found == NONE ? readStruct(value) : found;
  }

  @HeapFree
  private int readStructFirst(Window value) {
    int found = struct.read(value);
    if (found == FOUND) {
      stream.structSeen = true;
      return FOUND;
    }
    if (found == NONE) {
      found = leaf.read(value);
      if (found == FOUND) {
        stream.leafFirst = !stream.structSeen;
        return text(value);
      }
    }
    return found == NONE ? metadata.read(value) : found;
  }

  /** Reads what is no leaf. */
  @HeapFree
  private int readStruct(Window value) {
    int found = struct.read(value);
    if (found == FOUND) {
      stream.structSeen = true;
      stream.leafFirst = false;
    }
    return found == NONE ? metadata.read(value) : found;
  }

  /** Returns what a leaf holds. */
  @HeapFree
  private int text(Window value) {
    if (json != null) {
      return json.read(value);
    }
    value.form = ListForm.JSON;
    return FOUND;
  }
}
