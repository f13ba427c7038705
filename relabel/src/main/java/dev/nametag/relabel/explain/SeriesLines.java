package dev.nametag.relabel.explain;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines of a stream that may hold a series: blank lines and comments are passed over, so that a
 * whole page can be given. Holds one line in memory. The stream is not closed.
 */
public final class SeriesLines {
  private static final int MAX_LINE_BYTES = 1 << 20;

  private final InputStream in;
  private long line;

  /** Reads a stream in UTF-8. */
  public SeriesLines(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** Returns the number of the line that {@link #next} gave or refused last, from 1. */
  public long lineNumber() {
    return line;
  }

  /**
   * Returns the next line with something on it, or nothing at the end.
   *
   * @throws InvalidSeriesException if a line is too long or not UTF-8
   * @throws UncheckedIOException if the stream fails
   */
  public Optional<String> next() {
    try {
      while (true) {
        Optional<String> text = read();
        if (text.isEmpty()
            || !(text.get().isBlank() || text.get().stripLeading().startsWith("#"))) {
          return text;
        }
      }
    } catch (CharacterCodingException e) {
      throw new InvalidSeriesException("not UTF-8 text");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    line++;
    for (; b >= 0 && b != '\n'; b = in.read()) {
      if (bytes.size() >= MAX_LINE_BYTES) {
        throw new InvalidSeriesException("longer than " + MAX_LINE_BYTES + " bytes");
      }
      bytes.write(b);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
    return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(buffer).toString());
  }
}
