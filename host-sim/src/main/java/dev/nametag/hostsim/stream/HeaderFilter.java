package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.HeaderMap;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Map;

/** A {@link StreamFilter} in one stream. What comes behind headers that it holds waits. */
final class HeaderFilter implements Link {

  private final ActiveStream stream;
  private final StreamFilter filter;
  private FilterGate gate;

  HeaderFilter(ActiveStream stream, StreamFilter filter) {
    this.stream = stream;
    this.filter = filter;
  }

  @Override
  public void placed(FilterGate request, FilterGate response) {
    gate = request;
  }

  @Override
  public long requestHeaders(boolean endOfStream) {
    StreamFilter.Decision decision = filter.onRequestHeaders(new View());
    if (decision instanceof StreamFilter.Decision.Answer answer) {
      stream.answer(answer.answer());
    }
    return decision instanceof StreamFilter.Decision.Hold
        ? FilterGate.STOP_ALL_AND_WATERMARK
        : FilterGate.CONTINUE;
  }

  @Override
  public long responseHeaders(HeaderMap headers, boolean endOfStream) {
    filter.onResponseHeaders(headers);
    return FilterGate.CONTINUE;
  }

  private void ifHeld(Runnable action) {
    stream.inTurn(
        () -> {
          if (gate.holdsHeaders() && stream.running()) {
            action.run();
          }
        });
  }

  private final class View implements StreamFilter.View {

    @Override
    public HeaderMap requestHeaders() {
      return stream.requestHeaders();
    }

    @Override
    public void addDynamicMetadata(String namespace, Map<String, ?> fields) {
      stream.info().addDynamicMetadata(namespace, fields);
    }

    @Override
    public void setFilterState(String key, ByteString value) {
      stream.info().filterState.put(ByteString.utf8(key), new PropertyValue.Bytes(value));
    }

    @Override
    public void resume() {
      ifHeld(gate::resume);
    }

    @Override
    public void answer(LocalAnswer answer) {
      ifHeld(() -> stream.answer(answer));
    }
  }
}
