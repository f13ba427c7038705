package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.gateway.FilterSettings.Style;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.Filters;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.StreamFilter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Knows callers by their keys.
 *
 * <p>Source: Envoy source/extensions/filters/http/ext_authz/ext_authz.cc, onComplete, for where the
 * metadata stands; Kuadrant wasm-shim v0.12, tasks/auth.rs, for filter state.
 */
final class ApiKeysFilter implements SimulatedFilter {

  private static final String BEARER = "bearer ";
  private static final String EXT_AUTHZ = "envoy.filters.http.ext_authz";
  private static final Header CHALLENGE = Header.of("www-authenticate", "Bearer realm=\"gateway\"");

  private final FilterSettings.ApiKeys settings;
  private final Json json;

  ApiKeysFilter(FilterSettings.ApiKeys settings, Json json) {
    this.settings = settings;
    this.json = json;
  }

  @Override
  public StreamFilter.Decision decide(StreamFilter.View stream, Caller caller) {
    Optional<String> key =
        stream
            .requestHeaders()
            .first(ByteString.utf8(settings.header()))
            .map(value -> key(value.toString()));
    if (key.isEmpty() && settings.allowAnonymous()) {
      return new StreamFilter.Decision.Continue();
    }
    Optional<Map<String, Object>> identity = key.map(settings.keys()::get);
    if (identity.isEmpty()) {
      return new StreamFilter.Decision.Answer(denied());
    }
    caller.identify(identity.get());
    if (settings.style() == Style.ENVOY) {
      stream.addDynamicMetadata(EXT_AUTHZ, Map.of(settings.field(), identity.get()));
    } else {
      identity
          .get()
          .forEach(
              (field, value) ->
                  stream.setFilterState(
                      "wasm.kuadrant.auth." + settings.field() + "." + field,
                      ByteString.utf8(json.write(value))));
    }
    return new StreamFilter.Decision.Continue();
  }

  private String key(String value) {
    boolean bearer =
        settings.header().equalsIgnoreCase("authorization")
            && value.toLowerCase(Locale.ROOT).startsWith(BEARER);
    return bearer ? value.substring(BEARER.length()).strip() : value;
  }

  private LocalAnswer denied() {
    return settings.style() == Style.ENVOY
        ? Filters.extAuthzDenied(401, "", CHALLENGE)
        : LocalAnswer.of(401, 0, "", "")
            .withHeader(CHALLENGE.name().toString(), CHALLENGE.value().toString());
  }
}
