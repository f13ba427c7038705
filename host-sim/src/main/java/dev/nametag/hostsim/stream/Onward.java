package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.bytes.ByteString;

/** What comes next in one direction of a stream: another filter, or its end. */
interface Onward {

  void headers(boolean endOfStream);

  void body(ByteString chunk, boolean endOfStream);

  void trailers();
}
