package dev.nametag.hostsim.gateway;

import dev.nametag.naming.json.JsonReader;
import dev.nametag.naming.json.JsonSyntaxException;
import dev.nametag.naming.json.JsonWriter;

/** The project's own JSON, in the form that the gateway takes. */
final class TestJson implements Json {

  @Override
  public Object read(String text) {
    try {
      return JsonReader.read(text);
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public String write(Object value) {
    return JsonWriter.write(value);
  }
}
