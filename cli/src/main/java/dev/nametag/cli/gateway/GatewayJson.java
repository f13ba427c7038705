package dev.nametag.cli.gateway;

import dev.nametag.hostsim.gateway.Json;
import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import dev.nametag.naming.json.JsonWriter;

/** The project's JSON for the upstreams that are built into the gateway. */
public final class GatewayJson implements Json {

  @Override
  public Object read(String text) {
    try {
      return JsonReader.read(text);
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException("The body is not JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public String write(Object value) {
    return JsonWriter.write(value);
  }
}
