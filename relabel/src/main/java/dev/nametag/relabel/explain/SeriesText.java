package dev.nametag.relabel.explain;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.exposition.ExpositionException;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.ExpositionWriter;
import dev.nametag.relabel.exposition.Sample;
import java.util.List;

/** A series in the text format, with or without a value: {@code calls{pod="x"}}. */
public final class SeriesText {
  private SeriesText() {}

  /**
   * Returns the labels that a text spells. A value and a time behind it are ignored, so that a line
   * of a page is a series too.
   *
   * @throws InvalidSeriesException if it is no series
   */
  public static Labels parse(String text) {
    if (text.isBlank()) {
      throw new InvalidSeriesException("expected a series, found nothing");
    }
    if (text.indexOf('\n') >= 0) {
      throw new InvalidSeriesException("expected one series, found several lines");
    }
    if (text.startsWith("{")) {
      // What target rules see has no name; the reader wants one.
      return parse("x" + text).without("__name__");
    }
    try {
      return labels(text + " 1");
    } catch (ExpositionException withoutValue) {
      try {
        return labels(text);
      } catch (ExpositionException withValue) {
        throw new InvalidSeriesException(withoutValue.reason());
      }
    }
  }

  private static Labels labels(String line) {
    List<ExpositionLine> lines = ExpositionReader.read("series", line);
    if (lines.get(0) instanceof Sample sample) {
      return sample.labels();
    }
    throw new InvalidSeriesException("expected a series, found a comment");
  }

  /**
   * Returns a series as a page would have it: {@code calls{pod="x"}}; a bare name without braces.
   */
  public static String of(Labels labels) {
    if (!labels.has("__name__")) {
      return labels.toString();
    }
    String line = ExpositionWriter.toText(List.of(Sample.of(labels, "1")));
    return line.substring(0, line.length() - " 1\n".length());
  }
}
