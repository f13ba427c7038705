package dev.nametag.plugin;

/** In what form a value lies that may be a list; see {@link Window#form}. */
final class ListForm {
  /** A text, maybe with commas, quotes or brackets. */
  static final int TEXT = 0;

  /** JSON text. */
  static final int JSON = 3;

  /** A google.protobuf.ListValue. */
  static final int PROTOBUF = 1;

  /** The host's form of a list, see {@link Pairs}. */
  static final int PAIRS = 2;

  private ListForm() {}
}
