package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what was asked. */
final class EchoCall extends BuiltInCall {

  private final ClusterSettings.Echo settings;
  private final Json json;

  EchoCall(
      EventLoop loop,
      UpstreamEvents attempt,
      List<Header> headers,
      ClusterSettings.Echo settings,
      Json json) {
    super(loop, attempt, headers);
    this.settings = settings;
    this.json = json;
  }

  @Override
  void answer() {
    after(
        settings.delay(),
        () -> respond(settings.status(), "application/json", json.write(said()) + "\n"));
  }

  private Map<String, Object> said() {
    Map<String, Object> named = new LinkedHashMap<>();
    for (Header header : headers) {
      String name = header.name().toString();
      if (!name.startsWith(":")) {
        named.merge(name, header.value().toString(), (a, b) -> a + "," + b);
      }
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("method", header(":method"));
    said.put("host", header(":authority"));
    said.put("path", header(":path"));
    said.put("headers", named);
    said.put("body_bytes", bodySize);
    return said;
  }
}
