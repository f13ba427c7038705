package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.gateway.FilterSettings.Attribute;
import dev.nametag.hostsim.gateway.FilterSettings.Condition;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.List;
import java.util.Map;

/** What the filters of one stream know of who calls. */
final class Caller {

  private final String remoteAddress;
  private Map<String, Object> identity = Map.of();

  /**
   * Nobody known so far.
   *
   * @param remoteAddress {@code ip:port}
   */
  Caller(String remoteAddress) {
    this.remoteAddress = remoteAddress;
  }

  void identify(Map<String, Object> fields) {
    identity = fields;
  }

  /** The values that an attribute has: none, one, or those of a list. */
  List<String> values(Attribute attribute, HeaderMap headers) {
    if (attribute instanceof Attribute.Identity field) {
      Object value = identity.get(field.field());
      if (value instanceof List<?> list) {
        return list.stream().map(String::valueOf).toList();
      }
      return value == null ? List.of() : List.of(value.toString());
    }
    if (attribute instanceof Attribute.Header header) {
      return headers
          .first(ByteString.utf8(header.name()))
          .map(value -> List.of(value.toString()))
          .orElse(List.of());
    }
    if (attribute instanceof Attribute.RemoteAddress) {
      return List.of(remoteAddress.substring(0, remoteAddress.lastIndexOf(':')));
    }
    return headers
        .first(ByteString.utf8(":path"))
        .map(path -> List.of(Routes.withoutQuery(path.toString())))
        .orElse(List.of());
  }

  boolean matches(List<Condition> conditions, HeaderMap headers) {
    return conditions.stream()
        .allMatch(each -> values(each.attribute(), headers).contains(each.value()));
  }
}
