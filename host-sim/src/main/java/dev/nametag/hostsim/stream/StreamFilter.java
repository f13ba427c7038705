package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.HeaderMap;
import java.util.Map;

/** Another HTTP filter of the chain, before or after ours. It does not look at bodies. */
public non-sealed interface StreamFilter extends ChainFilter {

  /** What the filter does with a request once it has seen the headers. */
  Decision onRequestHeaders(View stream);

  /** Looks at, and may change, the headers of a response on their way to the client. */
  default void onResponseHeaders(HeaderMap headers) {}

  /** What becomes of a request at a filter. */
  sealed interface Decision {

    /** The request goes on. */
    record Continue() implements Decision {}

    /** The filter answers. */
    record Answer(LocalAnswer answer) implements Decision {}

    /** The filter holds the request until it calls {@link View#resume} or {@link View#answer}. */
    record Hold() implements Decision {}
  }

  /** What a filter may do with a stream. */
  interface View {

    /** The headers of the request, which the filter may change. */
    HeaderMap requestHeaders();

    /**
     * Adds fields to a namespace of the dynamic metadata, in place of those of the same name.
     *
     * @param fields what {@link dev.nametag.hostsim.hostcall.PropertyValue#ofStruct} takes
     */
    void addDynamicMetadata(String namespace, Map<String, ?> fields);

    /** Sets filter state under that very key. */
    void setFilterState(String key, ByteString value);

    /** Lets a request that the filter holds go on. Any thread may call it. */
    void resume();

    /** Answers a request that the filter holds. Any thread may call it. */
    void answer(LocalAnswer answer);
  }
}
