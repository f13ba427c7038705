package dev.nametag.relabel.exposition;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Reads a page one line after another, holding one line in memory.
 *
 * <p>Accepts what Prometheus accepts, with these differences (tried on Prometheus 2.42). Refused,
 * where Prometheus goes on: a raw line feed in a label value, labels without a comma between them,
 * an empty label that is given again, a zero byte (there Prometheus takes the page for ended).
 * Accepted, where Prometheus fails the scrape: spaces before a name or around a type, times before
 * 1970.
 *
 * <p>Works on bytes. The stream is not closed.
 */
public final class ExpositionReader implements Iterator<ExpositionLine> {
  /** How many bytes a line may have unless the caller says otherwise: 1 MiB. */
  public static final int DEFAULT_MAX_LINE_BYTES = 1 << 20;

  private static final int INITIAL_BUFFER_BYTES = 64 * 1024;

  private final InputStream in;
  private final String file;
  private final int maxLineBytes;
  private final LineParser parser = new LineParser();

  /** Bytes read and not yet handed out are {@code [from, to)}. */
  private byte[] buffer = new byte[INITIAL_BUFFER_BYTES];

  private int from;
  private int to;
  private boolean ended;
  private long line;

  /** Reads a stream with the default line limit; {@code file} is how messages call it. */
  public ExpositionReader(InputStream in, String file) {
    this(in, file, DEFAULT_MAX_LINE_BYTES);
  }

  /** Reads a stream whose lines have at most so many bytes, line feed not counted. */
  public ExpositionReader(InputStream in, String file, int maxLineBytes) {
    this.in = in;
    this.file = file;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Returns all lines of a text.
   *
   * @throws ExpositionException if a line is refused
   */
  public static List<ExpositionLine> read(String file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<ExpositionLine> lines = new ArrayList<>();
    new ExpositionReader(new ByteArrayInputStream(bytes), file).forEachRemaining(lines::add);
    return lines;
  }

  /** Returns the number of the line that {@link #next} gave last, from 1. */
  public long lineNumber() {
    return line;
  }

  /**
   * Returns whether there is another line.
   *
   * @throws UncheckedIOException if the stream fails
   */
  @Override
  public boolean hasNext() {
    return from < to || fill();
  }

  /**
   * Returns the next line. The last one may lack its line feed.
   *
   * @throws ExpositionException if Prometheus would refuse the page at this line
   * @throws UncheckedIOException if the stream fails
   */
  @Override
  public ExpositionLine next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the page has ended");
    }
    line++;
    int searched = from;
    while (true) {
      int end = indexOfLineFeed(searched);
      if (end < 0 && to - from <= maxLineBytes) {
        int unread = to - from;
        if (fill()) {
          searched = from + unread;
          continue;
        }
        end = to;
      }
      if (end < 0 || end - from > maxLineBytes) {
        throw new ExpositionException(file, line, "longer than " + maxLineBytes + " bytes");
      }
      int start = from;
      from = Math.min(end + 1, to);
      try {
        return parser.parse(buffer, start, end);
      } catch (LineParser.RefusedException e) {
        throw new ExpositionException(file, line, e.getMessage());
      }
    }
  }

  private int indexOfLineFeed(int start) {
    for (int i = start; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Reads more bytes behind the unread ones, which move to the front; false at the end. */
  private boolean fill() {
    if (ended) {
      return false;
    }
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    try {
      int read = in.read(buffer, to, buffer.length - to);
      ended = read < 0;
      to += Math.max(read, 0);
      return !ended;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
