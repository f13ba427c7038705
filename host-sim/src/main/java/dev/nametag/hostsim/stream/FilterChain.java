package dev.nametag.hostsim.stream;

import java.util.List;

/**
 * The HTTP filters around ours, in the order in which requests meet them; the router follows the
 * last. Responses meet them the other way round.
 */
public record FilterChain(
    List<? extends ChainFilter> beforeOurs, List<? extends ChainFilter> afterOurs) {

  /** Ours and the router only. */
  public static final FilterChain OURS_ALONE = new FilterChain(List.of(), List.of());

  /** Copies. */
  public FilterChain {
    beforeOurs = List.copyOf(beforeOurs);
    afterOurs = List.copyOf(afterOurs);
  }
}
