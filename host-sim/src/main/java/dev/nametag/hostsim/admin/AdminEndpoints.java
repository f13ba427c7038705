package dev.nametag.hostsim.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.stats.Stats;
import dev.nametag.hostsim.stats.StatsQuery;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests to the admin interface. Source: Envoy source/server/admin/stats_handler.cc,
 * stats_params.cc and utils.cc.
 */
public final class AdminEndpoints {

  private static final String TEXT = "text/plain; charset=UTF-8";
  private static final String JSON = "application/json";
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited";

  /**
   * The headers of every answer, besides its type. Source: utils.cc,
   * Utility::populateFallbackResponseHeaders.
   */
  public static final Map<String, String> HEADERS =
      Map.of(
          "cache-control", "no-cache, max-age=0",
          "x-content-type-options", "nosniff");

  private final Stats stats;

  /** The endpoints over these stats. */
  public AdminEndpoints(Stats stats) {
    this.stats = stats;
  }

  /**
   * Answers a GET.
   *
   * @param path without the query
   * @param rawQuery as it was sent, still encoded
   * @param accept the values of all such headers, in order
   */
  public AdminResponse get(String path, Optional<String> rawQuery, List<String> accept) {
    Map<String, String> query = parse(rawQuery.orElse(""));
    return switch (path) {
      case "/ready" -> text(200, "LIVE\n");
      case "/stats/prometheus" -> stats(query, accept, true);
      case "/stats" -> stats(query, accept, false);
      default ->
          text(404, "invalid path. admin commands are:\n  /ready\n  /stats\n  /stats/prometheus\n");
    };
  }

  private AdminResponse stats(Map<String, String> query, List<String> accept, boolean prometheus) {
    try {
      StatsQuery wanted = StatsQuery.of(query);
      if (prometheus || wanted.format() == StatsQuery.Format.PROMETHEUS) {
        return stats.knowsProtobuf() && (wanted.protobuf() || prefersProtobuf(accept))
            ? page(PROTOBUF, stats.prometheusProtobuf(wanted))
            : page(TEXT, stats.prometheusPage(wanted));
      }
      return wanted.format() == StatsQuery.Format.JSON
          ? page(JSON, stats.jsonPage(wanted))
          : page(TEXT, stats.plainPage(wanted));
    } catch (IllegalArgumentException e) {
      return text(400, e.getMessage());
    }
  }

  /**
   * Which of the two forms is named first; what clients say of their weight is not looked at.
   * Source: Envoy source/server/admin/prometheus_stats.cc, useProtobufFormat.
   */
  private static boolean prefersProtobuf(List<String> accept) {
    for (String header : accept) {
      for (String entry : header.split(",", -1)) {
        String mediaType = entry.strip();
        int semicolon = mediaType.indexOf(';');
        mediaType = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
        if (mediaType.equals("application/vnd.google.protobuf")) {
          return true;
        }
        if (mediaType.equals("text/plain")) {
          return false;
        }
      }
    }
    return false;
  }

  /** The answer to what is no request. */
  public static AdminResponse badRequest() {
    return text(400, "Bad Request");
  }

  private static AdminResponse page(String contentType, byte[] body) {
    return new AdminResponse(200, contentType, ByteString.of(body));
  }

  private static AdminResponse text(int code, String body) {
    return new AdminResponse(code, TEXT, ByteString.utf8(body));
  }

  /** The parameters, the first of each name; a plus sign stays one, as in Envoy. */
  private static Map<String, String> parse(String rawQuery) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : List.of(rawQuery.split("&", -1))) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      parameters.putIfAbsent(decode(name), decode(value));
    }
    return parameters;
  }

  /** Undoes percent encoding; what is not encoded right stays as it is. */
  private static String decode(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && high >= 0 && low >= 0) {
        decoded.write((high << 4) + low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return ByteString.of(decoded.toByteArray()).toString();
  }
}
