package dev.nametag.relabel.engine;

import java.util.Optional;

/**
 * What one rule did to one label set.
 *
 * @param index the rule's place in the list, from 0
 * @param rule the rule
 * @param matched whether its condition held: the regex matched, for label actions at least one
 *     name; always for actions without a regex, except keepequal and dropequal, where the values
 *     are equal
 * @param before the labels it was given
 * @param after the labels it left, nothing if it dropped the series
 */
public record RelabelStep(
    int index, RelabelRule rule, boolean matched, Labels before, Optional<Labels> after) {
  /** Returns whether the rule changed a label or dropped the series. */
  public boolean changed() {
    return after.isEmpty() || !after.get().equals(before);
  }
}
