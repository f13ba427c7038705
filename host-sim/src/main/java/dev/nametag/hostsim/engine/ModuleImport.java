package dev.nametag.hostsim.engine;

/**
 * One import of a module.
 *
 * @param signature of a function; without parameters and results for every other kind
 */
public record ModuleImport(String module, String name, ExternKind kind, Signature signature) {

  /** The import as hosts write it: {@code env.proxy_log}. */
  public String qualifiedName() {
    return module + "." + name;
  }
}
