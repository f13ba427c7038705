package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.Sample;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The series of a page, as many as fit into a bound: a page of any size takes a bounded memory.
 *
 * @param series in the order of the page
 * @param complete whether these are all
 */
public record PageSeries(List<Labels> series, boolean complete) {
  private static final int MAX_SERIES = 200_000;
  private static final long MAX_CHARS = 64L * 1024 * 1024;

  /** Copies. */
  public PageSeries {
    series = List.copyOf(series);
  }

  /** Returns the series of a page, which is read to its end, so that every line is checked. */
  public static PageSeries read(Iterator<ExpositionLine> page) {
    List<Labels> series = new ArrayList<>();
    long chars = 0;
    boolean complete = true;
    while (page.hasNext()) {
      if (page.next() instanceof Sample sample) {
        Labels labels = sample.labels();
        for (int i = 0; i < labels.size(); i++) {
          chars += labels.name(i).length() + labels.value(i).length();
        }
        if (series.size() < MAX_SERIES && chars <= MAX_CHARS) {
          series.add(labels);
        } else {
          complete = false;
        }
      }
    }
    return new PageSeries(series, complete);
  }
}
