package dev.nametag.hostsim.vm;

/** The canary refused the configuration or trapped on it; Envoy would refuse the configuration. */
public final class ConfigurationRejectedException extends RuntimeException {

  public ConfigurationRejectedException(String message) {
    super(message);
  }

  public ConfigurationRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
