package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.stream.Filters;
import dev.nametag.hostsim.stream.StreamFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A bucket of tokens for all workers. Source: Envoy api/envoy/type/v3/token_bucket.proto and
 * source/extensions/filters/http/local_ratelimit.
 */
final class LocalRateLimitFilter implements SimulatedFilter {

  private final FilterSettings.LocalRateLimit settings;
  private final InstantSource clock;

  private long tokens;
  private Instant filled;

  LocalRateLimitFilter(FilterSettings.LocalRateLimit settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.tokens = settings.maxTokens();
    this.filled = clock.instant();
  }

  @Override
  public StreamFilter.Decision decide(StreamFilter.View stream, Caller caller) {
    return take()
        ? new StreamFilter.Decision.Continue()
        : new StreamFilter.Decision.Answer(Filters.locallyRateLimited());
  }

  private synchronized boolean take() {
    long fills = Duration.between(filled, clock.instant()).dividedBy(settings.fillInterval());
    if (fills > 0) {
      filled = filled.plus(settings.fillInterval().multipliedBy(fills));
      long room = settings.maxTokens() - tokens;
      long needed = (room + settings.tokensPerFill() - 1) / settings.tokensPerFill();
      tokens += fills >= needed ? room : fills * settings.tokensPerFill();
    }
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }
}
