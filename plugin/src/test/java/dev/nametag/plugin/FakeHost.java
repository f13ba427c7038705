package dev.nametag.plugin;

import dev.nametag.abi.BufferType;
import dev.nametag.abi.HostBytes;
import dev.nametag.abi.HostcallException;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.MapType;
import dev.nametag.abi.MetricType;
import dev.nametag.abi.PropertyPath;
import dev.nametag.abi.WasmResult;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.stream.LocalAnswer;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamScenario;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A host on the JVM, in the least code that can run a stream's end: properties are a flat map,
 * metrics are another one. What a real host does is the simulator's business; this one shows that
 * the filter's own code runs on the JVM as it does in WebAssembly.
 */
final class FakeHost implements Hostcalls {
  /** How long every stream takes. */
  static final long DURATION_NANOS = 12_999_999;

  private final byte[] configuration;
  private final Map<String, String> environment;
  private final Map<String, Object> nodeMetadata;
  private final Map<String, byte[]> properties = new LinkedHashMap<>();
  private final Map<String, byte[]> responseHeaders = new LinkedHashMap<>();
  private final List<String> metricNames = new ArrayList<>();

  private final Map<String, Shared> shared = new HashMap<>();

  private final BitSet histograms = new BitSet();

  /** What was recorded in any histogram, in order. */
  final List<Long> recorded = new ArrayList<>();

  final Map<String, Long> metrics = new LinkedHashMap<>();
  final List<String> log = new ArrayList<>();

  FakeHost(String configuration, Map<String, String> environment, Map<String, Object> node) {
    this.configuration = configuration.getBytes(StandardCharsets.UTF_8);
    this.environment = environment;
    this.nodeMetadata = node;
    clearStream();
  }

  int configurationSize() {
    return configuration.length;
  }

  /** Makes the properties and headers of a stream's end readable. */
  void show(StreamScenario stream) {
    clearStream();
    stream
        .dynamicMetadata()
        .forEach((namespace, value) -> put("metadata\0filter_metadata\0" + namespace, value));
    properties.put("metadata", Structs.metadata(stream.dynamicMetadata()));
    stream
        .filterState()
        .forEach((key, value) -> properties.put("filter_state\0" + key, value.toByteArray()));
    for (Header header : stream.requestHeaders()) {
      properties.merge(
          "request\0headers\0" + header.name(), header.value().toByteArray(), FakeHost::joined);
      if (header.name().toString().equals(":path")) {
        properties.put("request\0path", header.value().toByteArray());
      }
    }
    properties.put("request\0duration", int64(DURATION_NANOS));
    StreamEnding ending = stream.ending();
    if (ending instanceof StreamEnding.UpstreamResponse response) {
      response(response.code(), 0, "via_upstream");
      response.headers().forEach(this::responseHeader);
      put("upstream\0address", PropertyValue.text("10.0.0.2:8080"));
    } else if (ending instanceof StreamEnding.BrokenOff broken) {
      response(broken.code(), broken.flags(), broken.details());
      put("upstream\0address", PropertyValue.text("10.0.0.2:8080"));
    } else if (ending instanceof StreamEnding.LocalReply reply) {
      LocalAnswer answer = reply.answer();
      response(answer.code(), answer.flags(), answer.details());
      answer.headers().forEach(this::responseHeader);
    } else if (ending instanceof StreamEnding.UpstreamReset reset) {
      response(
          503,
          reset.flag().bit(),
          "upstream_reset_before_response_started{" + reset.reason() + "}");
      put("upstream\0address", PropertyValue.text("10.0.0.2:8080"));
    } else if (ending instanceof StreamEnding.NoRoute) {
      response(404, 0x100, "route_not_found");
    } else {
      properties.put("response\0flags", int64(0x4000));
      put("response\0code_details", PropertyValue.text("downstream_remote_disconnect"));
    }
  }

  private void clearStream() {
    properties.clear();
    responseHeaders.clear();
    put("xds\0node\0metadata", PropertyValue.ofStruct(nodeMetadata));
  }

  private void response(int code, long flags, String details) {
    properties.put("response\0code", int64(code));
    properties.put("response\0flags", int64(flags));
    put("response\0code_details", PropertyValue.text(details));
  }

  private void responseHeader(Header header) {
    responseHeaders.putIfAbsent(header.name().toString(), header.value().toByteArray());
    properties.merge(
        "response\0headers\0" + header.name(), header.value().toByteArray(), FakeHost::joined);
  }

  private void put(String path, PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      properties.put(path, text.bytes().toByteArray());
    } else if (value instanceof PropertyValue.Fields fields) {
      fields.values().forEach((key, child) -> put(path + "\0" + key, child));
    } else if (value instanceof PropertyValue.Num || value instanceof PropertyValue.Flag) {
      properties.put(path, scalar(value));
    } else if (value instanceof PropertyValue.Elements elements) {
      // With a null in it a list cannot be given as a whole.
      if (elements.values().stream().anyMatch(item -> item instanceof PropertyValue.Null)) {
        return;
      }
      List<byte[]> items = new ArrayList<>();
      for (int i = 0; i < elements.values().size(); i++) {
        put(path + "\0" + i, elements.values().get(i));
        items.add(scalar(elements.values().get(i)));
      }
      properties.put(path, pairs(items));
    }
  }

  private static byte[] scalar(PropertyValue value) {
    if (value instanceof PropertyValue.Num number) {
      return int64(Double.doubleToRawLongBits(number.value()));
    }
    if (value instanceof PropertyValue.Flag flag) {
      return new byte[] {(byte) (flag.value() ? 1 : 0)};
    }
    return ((PropertyValue.Text) value).bytes().toByteArray();
  }

  private static byte[] pairs(List<byte[]> items) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(int32(items.size()));
    for (byte[] item : items) {
      out.writeBytes(int32(item.length));
      out.writeBytes(int32(0));
    }
    for (byte[] item : items) {
      out.writeBytes(item);
      out.write(0);
      out.write(0);
    }
    return out.toByteArray();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteString.of(first)
        .concat(ByteString.utf8(","))
        .concat(ByteString.of(second))
        .toByteArray();
  }

  @Override
  public void log(LogLevel level, String message) {
    log.add(level + " " + message);
  }

  @Override
  public boolean getProperty(PropertyPath path, HostBytes value) {
    if (path.toString().endsWith(".fails")) {
      throw new HostcallException("proxy_get_property", WasmResult.INTERNAL_FAILURE);
    }
    return show(properties.get(new String(path.bytes(), StandardCharsets.UTF_8)), value);
  }

  @Override
  public boolean getHeaderMapValue(MapType map, byte[] name, HostBytes value) {
    String header = new String(name, StandardCharsets.UTF_8);
    return map == MapType.RESPONSE_HEADERS
        ? show(responseHeaders.get(header), value)
        : show(properties.get("request\0headers\0" + header), value);
  }

  @Override
  public boolean getBufferBytes(BufferType type, int start, int maxSize, HostBytes value) {
    return type == BufferType.PLUGIN_CONFIGURATION && show(configuration, value);
  }

  private static boolean show(byte[] bytes, HostBytes value) {
    if (bytes == null) {
      return false;
    }
    value.set(bytes, 0, bytes.length);
    return true;
  }

  @Override
  public int defineMetric(MetricType type, String name) {
    // Of a histogram, how many values it has; the filter's other metrics are as they are called.
    metricNames.add(type == MetricType.HISTOGRAM ? name + "_count" : name);
    metrics.putIfAbsent(metricNames.get(metricNames.size() - 1), 0L);
    histograms.set(metricNames.size() - 1, type == MetricType.HISTOGRAM);
    return metricNames.size() - 1;
  }

  @Override
  public void incrementMetric(int metricId, long offset) {
    metrics.merge(metricNames.get(metricId), offset, Long::sum);
  }

  @Override
  public void recordMetric(int metricId, long value) {
    if (histograms.get(metricId)) {
      metrics.merge(metricNames.get(metricId), 1L, Long::sum);
      recorded.add(value);
    } else {
      metrics.put(metricNames.get(metricId), value);
    }
  }

  private record Shared(ByteString value, int cas) {}

  @Override
  public int getSharedData(byte[] key, HostBytes value) {
    Shared found = shared.get(new String(key, StandardCharsets.UTF_8));
    if (found == null) {
      return 0;
    }
    show(found.value().toByteArray(), value);
    return found.cas();
  }

  @Override
  public boolean setSharedData(byte[] key, byte[] value, int cas) {
    String name = new String(key, StandardCharsets.UTF_8);
    Shared before = shared.get(name);
    if (before != null && cas != 0 && cas != before.cas()) {
      return false;
    }
    shared.put(name, new Shared(ByteString.of(value), before == null ? 1 : before.cas() + 1));
    return true;
  }

  @Override
  public String environmentVariable(String name) {
    return environment.get(name);
  }
}
