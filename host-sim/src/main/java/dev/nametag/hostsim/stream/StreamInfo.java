package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What Envoy notes about a stream while it lasts. Source: Envoy envoy/stream_info/stream_info.h.
 */
final class StreamInfo {

  final StreamSetup setup;
  final Instant startTime = Instant.now();
  private final Map<ByteString, PropertyValue> dynamicMetadata;
  final Map<ByteString, PropertyValue> filterState = new HashMap<>();

  Optional<Route> route = Optional.empty();
  Optional<UpstreamHost> upstreamHost = Optional.empty();
  Optional<String> transportFailure = Optional.empty();
  int attempts;
  OptionalInt code = OptionalInt.empty();
  Optional<String> details = Optional.empty();
  long flags;
  long bytesReceived;
  long bytesSent;
  Optional<Instant> firstUpstreamByteSent = Optional.empty();
  Optional<Instant> lastUpstreamByteReceived = Optional.empty();
  Optional<Duration> duration = Optional.empty();

  StreamInfo(StreamSetup setup) {
    this.setup = setup;
    this.dynamicMetadata = new LinkedHashMap<>(setup.dynamicMetadata());
    setup
        .filterState()
        .forEach((key, value) -> filterState.put(key, new PropertyValue.Bytes(value)));
  }

  Map<ByteString, PropertyValue> dynamicMetadata() {
    return dynamicMetadata;
  }

  /** Fields of the same name are replaced, as protobuf's MergeFrom does with maps. */
  void addDynamicMetadata(String namespace, Map<String, ?> fields) {
    Map<ByteString, PropertyValue> merged = new LinkedHashMap<>();
    ByteString key = ByteString.utf8(namespace);
    if (dynamicMetadata.get(key) instanceof PropertyValue.Fields before) {
      merged.putAll(before.values());
    }
    if (PropertyValue.ofStruct(fields) instanceof PropertyValue.Fields added) {
      merged.putAll(added.values());
    }
    dynamicMetadata.put(key, new PropertyValue.Fields(merged));
  }

  void complete() {
    duration = Optional.of(Duration.between(startTime, Instant.now()));
  }
}
