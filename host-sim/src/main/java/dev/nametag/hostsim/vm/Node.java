package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.bytes.ProtoWriter;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.hostcall.StructMessage;
import java.util.Optional;

/**
 * The proxy itself, as the node of its bootstrap says. Source: Envoy
 * api/envoy/config/core/v3/base.proto, Node. Its locality, its version and the list of its
 * extensions are not simulated.
 *
 * @param metadata a Struct
 */
public record Node(String id, String cluster, PropertyValue metadata) {

  private static final String USER_AGENT_NAME = "envoy";

  /** What {@code xds.node} leads to; a text about which nothing is said is empty. */
  PropertyValue property() {
    return new PropertyValue.Message(this::field, this::wire);
  }

  private Optional<PropertyValue> field(ByteString name) {
    return switch (name.toString()) {
      case "id" -> Optional.of(PropertyValue.text(id));
      case "cluster" -> Optional.of(PropertyValue.text(cluster));
      case "metadata" -> Optional.of(metadata);
      case "user_agent_name" -> Optional.of(PropertyValue.text(USER_AGENT_NAME));
      default -> Optional.empty();
    };
  }

  private ByteString wire() {
    ProtoWriter node = new ProtoWriter();
    if (!id.isEmpty()) {
      node.bytes(1, ByteString.utf8(id));
    }
    if (!cluster.isEmpty()) {
      node.bytes(2, ByteString.utf8(cluster));
    }
    if (metadata instanceof PropertyValue.Fields fields && !fields.values().isEmpty()) {
      node.message(3, StructMessage.of(metadata));
    }
    return node.bytes(6, ByteString.utf8(USER_AGENT_NAME)).done();
  }
}
