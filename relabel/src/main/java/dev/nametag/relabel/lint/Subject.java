package dev.nametag.relabel.lint;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.Labels;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is looked at.
 *
 * @param lists every list of rules
 * @param facts what other documents say
 * @param page the series of a page, if one is given
 * @param schema the configuration, if one is given
 */
record Subject(
    List<RuleList> lists, Facts facts, Optional<List<Labels>> page, Optional<Schema> schema) {
  /** Returns the lists of rules that run on series. */
  List<RuleList> metricLists() {
    return lists.stream().filter(RuleList::forMetrics).toList();
  }
}
