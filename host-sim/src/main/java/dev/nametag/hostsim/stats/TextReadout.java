package dev.nametag.hostsim.stats;

/** A text, shared by all workers; the last one that was set is shown. */
public final class TextReadout {

  private volatile String value = "";
  private volatile boolean used;

  TextReadout() {}

  /** Replaces the text. */
  public void set(String text) {
    value = text;
    used = true;
  }

  /** The text now. */
  public String value() {
    return value;
  }

  boolean used() {
    return used;
  }
}
