package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What went over to one side of a stream: to the client, or to upstream in one try.
 *
 * @param informational the interim responses
 * @param headers empty when there were none
 * @param chunks the parts of the body as they were sent, an empty last one too
 * @param metadata the frames, in their order
 * @param complete whether the end was sent
 * @param reset whether it was broken off
 */
public record Wire(
    List<List<Header>> informational,
    List<Header> headers,
    List<ByteString> chunks,
    List<Header> trailers,
    List<Map<String, String>> metadata,
    boolean complete,
    boolean reset) {

  /** Copies. */
  public Wire {
    informational = List.copyOf(informational);
    headers = List.copyOf(headers);
    chunks = List.copyOf(chunks);
    trailers = List.copyOf(trailers);
    metadata = List.copyOf(metadata);
  }

  /** The whole body. */
  public ByteString body() {
    return chunks.stream().reduce(ByteString.EMPTY, ByteString::concat);
  }

  /** Writes down what goes over. */
  static final class Recorder implements Downstream {

    private final List<List<Header>> informational = new ArrayList<>();
    private final List<Header> headers = new ArrayList<>();
    private final List<ByteString> chunks = new ArrayList<>();
    private final List<Header> trailers = new ArrayList<>();
    private final List<Map<String, String>> metadata = new ArrayList<>();
    private boolean complete;
    private boolean reset;

    @Override
    public void informational(List<Header> list) {
      informational.add(list);
    }

    @Override
    public void headers(List<Header> list, boolean endOfStream) {
      headers.addAll(list);
      complete = endOfStream;
    }

    @Override
    public void metadata(Map<String, String> elements) {
      metadata.add(elements);
    }

    @Override
    public void body(ByteString chunk, boolean endOfStream) {
      chunks.add(chunk);
      complete = endOfStream;
    }

    @Override
    public void trailers(List<Header> list) {
      trailers.addAll(list);
      complete = true;
    }

    @Override
    public void reset() {
      reset = true;
    }

    Wire done() {
      return new Wire(informational, headers, chunks, trailers, metadata, complete, reset);
    }
  }
}
