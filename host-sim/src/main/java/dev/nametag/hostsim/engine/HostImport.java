package dev.nametag.hostsim.engine;

/** A host function under the name by which modules import it. */
public record HostImport(String module, String name, Signature signature, HostFunction function) {

  /** The name as hosts write it: {@code env.proxy_log}. */
  public String qualifiedName() {
    return module + "." + name;
  }
}
