package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Headers in their order, with duplicates; names are looked up without regard to case. */
public final class HeaderMap {

  private final List<Header> headers;

  /** Starts with a copy of the headers. */
  public HeaderMap(List<Header> headers) {
    this.headers = new ArrayList<>(headers);
  }

  /** The headers now, a copy. */
  public List<Header> headers() {
    return List.copyOf(headers);
  }

  /** The number of headers. */
  public int size() {
    return headers.size();
  }

  /** The bytes of all names and values, as Envoy's HeaderMap::byteSize counts them. */
  public int byteSize() {
    return headers.stream().mapToInt(h -> h.name().size() + h.value().size()).sum();
  }

  /** The value of the first header of that name. */
  public Optional<ByteString> first(ByteString name) {
    ByteString wanted = name.toLowerCaseAscii();
    return headers.stream().filter(h -> h.name().equals(wanted)).map(Header::value).findFirst();
  }

  /** The values of all headers of that name, with a comma between them. */
  public Optional<ByteString> joined(ByteString name) {
    ByteString wanted = name.toLowerCaseAscii();
    return headers.stream()
        .filter(h -> h.name().equals(wanted))
        .map(Header::value)
        .reduce((a, b) -> a.concat(ByteString.utf8(",")).concat(b));
  }

  /** Puts a header at the end. */
  public void add(ByteString name, ByteString value) {
    headers.add(new Header(name, value));
  }

  /** Removes the headers of that name and puts one at the end. */
  public void replace(ByteString name, ByteString value) {
    remove(name);
    add(name, value);
  }

  /** Removes the headers of that name. */
  public void remove(ByteString name) {
    ByteString wanted = name.toLowerCaseAscii();
    headers.removeIf(h -> h.name().equals(wanted));
  }

  /** Puts these headers in the place of all. */
  public void set(List<Header> all) {
    headers.clear();
    headers.addAll(all);
  }
}
