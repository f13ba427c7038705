package dev.nametag.relabel.exposition;

/** A page of which more would have to be kept than the memory allows. */
public final class PageTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PageTooLargeException(long limitBytes) {
    super("too large: its series take more than " + (limitBytes >> 20) + " MiB");
  }
}
