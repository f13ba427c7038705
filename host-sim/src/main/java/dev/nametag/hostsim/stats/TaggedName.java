package dev.nametag.hostsim.stats;

import java.util.List;

/**
 * What tag extraction makes of a stat's full name.
 *
 * @param family what is left of the name; stats that share it form a group on the page
 * @param tags in the order in which they are written, which is that of the extractors
 */
public record TaggedName(StatName family, List<Tag> tags) {

  /** Copies. */
  public TaggedName {
    tags = List.copyOf(tags);
  }
}
