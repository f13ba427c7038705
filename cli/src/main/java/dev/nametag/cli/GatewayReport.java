package dev.nametag.cli;

import dev.nametag.hostsim.gateway.Gateway;
import dev.nametag.naming.json.JsonWriter;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code nametag gateway} prints when it is ready, and at the end. */
record GatewayReport(PrintWriter out, boolean json) {
  void ready(String address, String adminAddress, int count) {
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("listen", address);
      object.put("admin", adminAddress);
      object.put("workers", count);
      out.println(JsonWriter.write(object));
    } else {
      out.println(
          """
          gateway: http://%s  (%d %s)
          metrics: http://%s/stats/prometheus

          try:
            curl http://%s/hello
            curl -s http://%s/stats/prometheus | grep _calls

          Ctrl-C stops it."""
              .formatted(
                  address,
                  count,
                  count == 1 ? "worker" : "workers",
                  adminAddress,
                  address,
                  adminAddress));
    }
    out.flush();
  }

  void totals(Gateway.Summary summary) {
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("connections", summary.connections());
      object.put("streams", summary.streams());
      object.put("answered", summary.answered());
      object.put("aborted", summary.aborted());
      object.put("broken_off", summary.brokenOff());
      out.println(JsonWriter.write(object));
    } else {
      out.println(
          "stopped: %d streams over %d connections: %d answered, %d aborted by clients, %d broken off"
              .formatted(
                  summary.streams(),
                  summary.connections(),
                  summary.answered(),
                  summary.aborted(),
                  summary.brokenOff()));
    }
    out.flush();
  }
}
