package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.stream.StreamFilter;
import java.time.InstantSource;
import java.util.List;

/** A filter around ours. Made once for all workers, so that it may be asked by any thread. */
interface SimulatedFilter {

  /** What becomes of a request. */
  StreamFilter.Decision decide(StreamFilter.View stream, Caller caller);

  /** The filters of one stream, which know the same caller. */
  static List<StreamFilter> forStream(List<SimulatedFilter> filters, Caller caller) {
    return filters.stream()
        .map(filter -> (StreamFilter) stream -> filter.decide(stream, caller))
        .toList();
  }

  /** The filter that is described. */
  static SimulatedFilter of(FilterSettings settings, Json json, InstantSource clock) {
    if (settings instanceof FilterSettings.ApiKeys keys) {
      return new ApiKeysFilter(keys, json);
    }
    if (settings instanceof FilterSettings.HeadersToMetadata headers) {
      return new HeadersToMetadataFilter(headers);
    }
    if (settings instanceof FilterSettings.ExtAuthz authz) {
      return new ExtAuthzFilter(authz);
    }
    if (settings instanceof FilterSettings.LocalRateLimit limit) {
      return new LocalRateLimitFilter(limit, clock);
    }
    return new RateLimitFilter((FilterSettings.RateLimit) settings, clock);
  }
}
