package dev.nametag.relabel.lint;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.MemoryBound;
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

  /** Checks keep what rules make of the series, too. */
  private static final int PART_OF_HEAP = 6;

  /** Copies. */
  public PageSeries {
    series = List.copyOf(series);
  }

  /** Returns the series of a page, which is read to its end, so that every line is checked. */
  public static PageSeries read(Iterator<ExpositionLine> page) {
    List<Labels> series = new ArrayList<>();
    MemoryBound bound = MemoryBound.partOfHeap(PART_OF_HEAP);
    boolean complete = true;
    while (page.hasNext()) {
      if (page.next() instanceof Sample sample) {
        complete = complete && series.size() < MAX_SERIES && bound.add(sample.labels());
        if (complete) {
          series.add(sample.labels());
        }
      }
    }
    return new PageSeries(series, complete);
  }
}
