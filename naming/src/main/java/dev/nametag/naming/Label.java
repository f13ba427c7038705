package dev.nametag.naming;

import java.util.List;

/**
 * A label: what it is called and where its value comes from.
 *
 * @param name as it stands in metric names, see {@link Names#isLabel}
 * @param sources tried in order, the first that has a value wins; at least one
 * @param publishedName what the label is called in Prometheus; the name unless it is renamed
 * @param list what it shows of a list
 * @param pseudonym whether it shows a {@link Pseudonym} instead of the value
 */
public record Label(
    String name, List<Source> sources, String publishedName, ListPolicy list, boolean pseudonym) {

  /** Copies. */
  public Label {
    sources = List.copyOf(sources);
  }

  /** A label that takes no lists and shows the value itself. */
  public Label(String name, List<Source> sources, String publishedName) {
    this(name, sources, publishedName, ListPolicy.NONE, false);
  }
}
