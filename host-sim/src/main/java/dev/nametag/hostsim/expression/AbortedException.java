package dev.nametag.hostsim.expression;

/** An error that ends the evaluation whatever stands around it: a status in cel-cpp. */
final class AbortedException extends RuntimeException {

  AbortedException(String message) {
    super(message, null, false, false);
  }
}
