package dev.nametag.hostsim.engine;

/** The host cannot load the module; Envoy would refuse the configuration that names it. */
public final class ModuleLoadException extends RuntimeException {

  public ModuleLoadException(String message) {
    super(message);
  }

  public ModuleLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
