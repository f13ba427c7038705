package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Map;

/** What comes next in one direction of a stream: another filter, or its end. */
interface Onward {

  void headers(boolean endOfStream);

  void metadata(Map<String, String> elements);

  void body(ByteString chunk, boolean endOfStream);

  void trailers();
}
