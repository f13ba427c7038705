package dev.nametag.hostsim.hostcall;

/** The version of the ABI that a module says it was made for, by an export of that name. */
public enum AbiVersion {
  V0_1_0("proxy_abi_version_0_1_0"),
  V0_2_0("proxy_abi_version_0_2_0"),
  V0_2_1("proxy_abi_version_0_2_1");

  private final String marker;

  AbiVersion(String marker) {
    this.marker = marker;
  }

  /** The name of the export. */
  public String marker() {
    return marker;
  }
}
