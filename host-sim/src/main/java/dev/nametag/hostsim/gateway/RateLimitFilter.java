package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.gateway.FilterSettings.Attribute;
import dev.nametag.hostsim.gateway.FilterSettings.Limit;
import dev.nametag.hostsim.gateway.FilterSettings.Style;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.stream.Filters;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.StreamFilter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts requests in windows of time. A request is counted by every limit that is for it, also when
 * another stops it, as envoyproxy/ratelimit does with descriptors.
 */
final class RateLimitFilter implements SimulatedFilter {

  /** How many callers a limit tells apart in one window. */
  static final int MAX_CALLERS = 100_000;

  private final List<Windows> limits;
  private final LocalAnswer answer;

  RateLimitFilter(FilterSettings.RateLimit settings, InstantSource clock) {
    this.limits = settings.limits().stream().map(limit -> new Windows(limit, clock)).toList();
    this.answer =
        settings.style() == Style.ENVOY
            ? Filters.rateLimited()
            : LocalAnswer.of(429, 0, "", "Too Many Requests\n");
  }

  @Override
  public StreamFilter.Decision decide(StreamFilter.View stream, Caller caller) {
    boolean over = false;
    for (Windows limit : limits) {
      over |= limit.count(stream.requestHeaders(), caller);
    }
    return over ? new StreamFilter.Decision.Answer(answer) : new StreamFilter.Decision.Continue();
  }

  /**
   * The counts of one limit in the current window; those of earlier ones are forgotten, and so is
   * whoever has not called for the longest time when there are too many.
   */
  private static final class Windows {

    private final Limit limit;
    private final InstantSource clock;
    private final Map<List<String>, Integer> counts = new LinkedHashMap<>(16, 0.75f, true);
    private long window;

    Windows(Limit limit, InstantSource clock) {
      this.limit = limit;
      this.clock = clock;
    }

    /** Whether the limit is passed with this request. */
    boolean count(HeaderMap headers, Caller caller) {
      Optional<List<String>> values = descriptor(headers, caller);
      if (values.isEmpty() || !caller.matches(limit.when(), headers)) {
        return false;
      }
      synchronized (this) {
        long now = clock.millis() / limit.per().toMillis();
        if (now != window) {
          window = now;
          counts.clear();
        }
        int count = counts.merge(values.get(), 1, Integer::sum);
        if (counts.size() > MAX_CALLERS) {
          counts.remove(counts.keySet().iterator().next());
        }
        return count > limit.requests();
      }
    }

    private Optional<List<String>> descriptor(HeaderMap headers, Caller caller) {
      List<String> all = new ArrayList<>();
      for (Attribute attribute : limit.by()) {
        List<String> values = caller.values(attribute, headers);
        if (values.isEmpty()) {
          return Optional.empty();
        }
        all.add(String.join(",", values));
      }
      return Optional.of(all);
    }
  }
}
