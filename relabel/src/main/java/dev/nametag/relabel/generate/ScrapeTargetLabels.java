package dev.nametag.relabel.generate;

import java.util.Set;

/** Labels that service discovery puts on every series to say where it was scraped. */
final class ScrapeTargetLabels {
  private static final Set<String> NAMES =
      Set.of("namespace", "pod", "service", "instance", "job", "container", "endpoint", "node");

  private ScrapeTargetLabels() {}

  /** Returns whether a label of ours takes the place of one that says where to look. */
  static boolean hiddenBy(String publishedName) {
    return NAMES.contains(publishedName);
  }

  /** Returns the sentence for those who review the rules. */
  static String note(String publishedName) {
    return publishedName
        + " hides the scrape target's own label of that name; rename it in the configuration to"
        + " keep both";
  }
}
