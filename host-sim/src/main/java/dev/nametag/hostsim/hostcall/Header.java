package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;

/** A header; its name is kept in lower case. */
public record Header(ByteString name, ByteString value) {

  public Header {
    name = name.toLowerCaseAscii();
  }

  /** A header of text. */
  public static Header of(String name, String value) {
    return new Header(ByteString.utf8(name), ByteString.utf8(value));
  }
}
