package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stream.StreamFilter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Copies request headers to dynamic metadata, as texts. Source: Envoy
 * source/extensions/filters/http/header_to_metadata.
 */
final class HeadersToMetadataFilter implements SimulatedFilter {

  private final FilterSettings.HeadersToMetadata settings;

  HeadersToMetadataFilter(FilterSettings.HeadersToMetadata settings) {
    this.settings = settings;
  }

  @Override
  public StreamFilter.Decision decide(StreamFilter.View stream, Caller caller) {
    Map<String, Object> fields = new LinkedHashMap<>();
    settings
        .fields()
        .forEach(
            (header, field) -> {
              ByteString name = ByteString.utf8(header);
              // Several headers of one name are one value, as
              // HeaderUtility::getAllOfHeaderAsString.
              stream.requestHeaders().joined(name).ifPresent(v -> fields.put(field, v.toString()));
              if (settings.remove()) {
                stream.requestHeaders().remove(name);
              }
            });
    if (!fields.isEmpty()) {
      stream.addDynamicMetadata(settings.namespace(), fields);
    }
    return new StreamFilter.Decision.Continue();
  }
}
