package dev.nametag.hostsim.hostcall;

/** A guest gave an address outside its memory; becomes a result code before the guest sees it. */
final class InvalidAccessException extends RuntimeException {

  InvalidAccessException() {
    super("address outside the guest's memory", null, false, false);
  }
}
