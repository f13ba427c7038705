package dev.nametag.plugin;

import dev.nametag.fixtures.IdentityValue;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamEnding.Position;
import dev.nametag.hostsim.stream.StreamScenario;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs streams through the filter, on whatever it runs, and says what was counted. */
abstract class FilterRuns {
  static final String AUTHORIZED = "authorized_calls_with_user_and_group";

  static final String LABELS =
      "\"labels\": {\"user\": \"auth.identity.userid\", \"group\": \"auth.identity.groups[0]\","
          + " \"namespace\": {\"value\": \"llm-d\"}}";

  static final String LOSSLESS = "{" + LABELS + "}";
  static final String CHARGEBACK = "{\"naming\": \"chargeback\", " + LABELS + "}";

  /** What came of a configuration and some streams. */
  record Counted(boolean accepted, Map<String, Long> metrics, List<String> log) {
    /** Returns the metrics that were counted, without the totals and the filter's own. */
    Map<String, Long> series() {
      Map<String, Long> series = new TreeMap<>(metrics);
      series.keySet().removeIf(name -> name.endsWith("_total") || name.startsWith("nametag_"));
      return series;
    }
  }

  /** The filter's own metrics, and what they say before anything has happened. */
  static final Map<String, Long> SELF =
      Map.of(
          "nametag_build_info__version__" + Build.nameOfVersion(),
          1L,
          "nametag_config_rejected",
          0L,
          "nametag_errors_total",
          0L,
          "nametag_identity_missing_total",
          0L,
          "nametag_series",
          0L,
          "nametag_series_over_budget_total",
          0L);

  /** Configures the filter and runs the streams. */
  abstract Counted run(
      String configuration,
      Map<String, String> environment,
      Map<String, Object> nodeMetadata,
      List<StreamScenario> streams);

  final Counted run(String configuration, StreamScenario... streams) {
    return run(configuration, Map.of(), Map.of(), List.of(streams));
  }

  static StreamScenario.Builder stream() {
    return StreamScenario.builder().path("/");
  }

  static StreamScenario extAuthz(IdentityValue user, Object groups) {
    return user.bytes().isPresent()
        ? extAuthz(user.bytes().get(), groups)
        : metadata(Map.of("groups", groups));
  }

  static StreamScenario extAuthz(Object userid, Object groups) {
    return metadata(Map.of("userid", userid, "groups", groups));
  }

  static StreamScenario metadata(Map<String, Object> identity) {
    return stream()
        .dynamicMetadata("envoy.filters.http.ext_authz", Map.of("identity", identity))
        .build();
  }

  static StreamEnding reply(Position position, int code, long flags, String details) {
    return new StreamEnding.LocalReply(position, code, flags, details, List.of());
  }

  static StreamScenario with(StreamScenario stream, StreamEnding ending) {
    return new StreamScenario(
        stream.requestHeaders(),
        stream.dynamicMetadata(),
        stream.filterState(),
        stream.filterStateObjects(),
        stream.routeName(),
        stream.clusterName(),
        stream.sourceAddress(),
        ending);
  }
}
