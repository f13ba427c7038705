package dev.nametag.plugin;

/** Reads what cannot be read without objects. */
interface ReadInJava {
  /** Reads the value, as the source has left it, and keeps what comes of it for this stream. */
  void readInJava(Window value);
}
