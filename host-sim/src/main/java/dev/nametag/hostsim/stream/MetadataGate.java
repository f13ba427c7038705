package dev.nametag.hostsim.stream;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The metadata of one direction of a stream at one filter: it waits until the headers have passed,
 * and for nothing else, so that it overtakes a body that the filter holds.
 *
 * <p>Source: Envoy source/common/http/filter_manager.cc, decodeMetadata, encodeMetadata,
 * handleMetadataAfterHeadersCallback and commonContinue.
 */
final class MetadataGate {

  private final FilterGate.Filter filter;
  private final Onward next;
  private final Queue<Map<String, String>> waiting = new ArrayDeque<>();

  private boolean headersPassed;
  private boolean closed;

  MetadataGate(FilterGate.Filter filter, Onward next) {
    this.filter = filter;
    this.next = next;
  }

  void frame(Map<String, String> elements) {
    if (headersPassed || closed) {
      show(elements);
      pass(elements);
    } else {
      waiting.add(elements);
    }
  }

  /** The filter lets the headers pass at once, and is shown before that what has waited. */
  void around(Runnable headers) {
    headersPassed = true;
    List<Map<String, String>> early = List.copyOf(waiting);
    waiting.clear();
    early.forEach(this::show);
    if (!closed) {
      headers.run();
      early.forEach(this::pass);
    }
  }

  /** The filter lets headers pass that it has held, and is shown afterwards what has waited. */
  void after(Runnable headers) {
    headersPassed = true;
    headers.run();
    while (!waiting.isEmpty()) {
      frame(waiting.remove());
    }
  }

  /** Nothing passes any more. */
  void close() {
    closed = true;
    waiting.clear();
  }

  private void show(Map<String, String> elements) {
    if (!closed) {
      filter.metadata(elements.size());
    }
  }

  private void pass(Map<String, String> elements) {
    if (!closed) {
      next.metadata(elements);
    }
  }
}
