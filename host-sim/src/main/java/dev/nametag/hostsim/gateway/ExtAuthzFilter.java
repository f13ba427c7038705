package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.gateway.FilterSettings.Rule;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.stream.Filters;
import dev.nametag.hostsim.stream.StreamFilter;
import java.util.Optional;

/** Decides by rules. Source: Envoy source/extensions/filters/http/ext_authz/ext_authz.cc. */
final class ExtAuthzFilter implements SimulatedFilter {

  private final FilterSettings.ExtAuthz settings;

  ExtAuthzFilter(FilterSettings.ExtAuthz settings) {
    this.settings = settings;
  }

  @Override
  public StreamFilter.Decision decide(StreamFilter.View stream, Caller caller) {
    HeaderMap headers = stream.requestHeaders();
    Optional<Rule> found =
        settings.rules().stream().filter(rule -> matches(rule, headers, caller)).findFirst();
    if (found.isEmpty()) {
      return new StreamFilter.Decision.Continue();
    }
    Rule rule = found.get();
    return switch (rule.verdict()) {
      case ALLOW -> new StreamFilter.Decision.Continue();
      case DENY ->
          new StreamFilter.Decision.Answer(Filters.extAuthzDenied(rule.status(), rule.body()));
      case ERROR ->
          settings.failureModeAllow()
              ? new StreamFilter.Decision.Continue()
              : new StreamFilter.Decision.Answer(Filters.extAuthzError());
    };
  }

  private static boolean matches(Rule rule, HeaderMap headers, Caller caller) {
    return rule.prefix().map(prefix -> text(headers, ":path").startsWith(prefix)).orElse(true)
        && rule.method().map(text(headers, ":method")::equals).orElse(true)
        && caller.matches(rule.when(), headers);
  }

  private static String text(HeaderMap headers, String name) {
    return headers.first(ByteString.utf8(name)).map(ByteString::toString).orElse("");
  }
}
