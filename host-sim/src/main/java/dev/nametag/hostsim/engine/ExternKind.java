package dev.nametag.hostsim.engine;

/** What an import or export is. */
public enum ExternKind {
  FUNCTION,
  TABLE,
  MEMORY,
  GLOBAL,
  TAG
}
