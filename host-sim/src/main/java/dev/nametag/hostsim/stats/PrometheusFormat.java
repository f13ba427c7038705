package dev.nametag.hostsim.stats;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.ArrayList;
import java.util.List;

/** A form of {@code /stats/prometheus}: groups of stats, each in the order of their full names. */
interface PrometheusFormat {

  /**
   * One stat of a group.
   *
   * @param tags in the order in which they are written
   */
  record Series<T>(List<Tag> tags, T stat) {}

  void counters(StatName family, List<Series<Counter>> group);

  void gauges(StatName family, List<Series<Gauge>> group);

  /** Text readouts are gauges of 0, whose text is a label. */
  void textReadouts(StatName family, List<Series<TextReadout>> group);

  void histograms(StatName family, List<Series<Histogram>> group);

  byte[] bytes();

  /** The same with the text as the last label. */
  static List<Series<TextReadout>> labelledByText(List<Series<TextReadout>> group) {
    List<Series<TextReadout>> labelled = new ArrayList<>();
    for (Series<TextReadout> each : group) {
      List<Tag> tags = new ArrayList<>(each.tags());
      tags.add(new Tag("text_value", ByteString.utf8(each.stat().value())));
      labelled.add(new Series<>(tags, each.stat()));
    }
    return labelled;
  }
}
