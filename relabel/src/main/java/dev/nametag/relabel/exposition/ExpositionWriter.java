package dev.nametag.relabel.exposition;

import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes lines as Prometheus text: the name first, then the labels in sorted order, each line
 * ending in a line feed. A name outside the classic character set is written in quotes inside the
 * braces.
 *
 * <p>Each call writes one whole line; the stream is neither flushed nor closed.
 */
public final class ExpositionWriter {
  private final OutputStream out;
  private final StringBuilder text = new StringBuilder();

  /** Writes to a stream, which should be buffered. */
  public ExpositionWriter(OutputStream out) {
    this.out = out;
  }

  /** Returns the lines as one text. */
  public static String toText(List<? extends ExpositionLine> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> append(line, text));
    return text.toString();
  }

  /**
   * Writes one line.
   *
   * @throws UncheckedIOException if the stream fails
   */
  public void write(ExpositionLine line) {
    text.setLength(0);
    append(line, text);
    try {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(ExpositionLine line, StringBuilder to) {
    if (line instanceof Sample sample) {
      appendSample(sample, to);
    } else if (line instanceof TypeLine type) {
      to.append("# TYPE ");
      appendMetricName(type.family(), to);
      to.append(' ').append(type.type().text());
    } else if (line instanceof HelpLine help) {
      to.append("# HELP ");
      appendMetricName(help.family(), to);
      to.append(' ');
      appendEscaped(help.help(), false, to);
    } else if (line instanceof CommentLine comment) {
      to.append('#').append(comment.text());
    }
    to.append('\n');
  }

  private static void appendSample(Sample sample, StringBuilder to) {
    Labels labels = sample.labels();
    String name = labels.metricName();
    boolean classic = LabelNames.isMetricName(name);
    String separator = "{";
    if (classic) {
      to.append(name);
    } else {
      to.append('{');
      appendMetricName(name, to);
      separator = ",";
    }
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.name(i);
      if (label.equals(LabelNames.METRIC_NAME)) {
        continue;
      }
      to.append(separator);
      if (LabelNames.isLabelName(label)) {
        to.append(label);
      } else {
        appendQuoted(label, to);
      }
      to.append('=');
      appendQuoted(labels.value(i), to);
      separator = ",";
    }
    if (separator.equals(",")) {
      to.append('}');
    }
    to.append(' ').append(sample.value());
    if (sample.timestampMillis().isPresent()) {
      to.append(' ').append(sample.timestampMillis().getAsLong());
    }
  }

  private static void appendMetricName(String name, StringBuilder to) {
    if (LabelNames.isMetricName(name)) {
      to.append(name);
    } else {
      appendQuoted(name, to);
    }
  }

  private static void appendQuoted(String value, StringBuilder to) {
    to.append('"');
    appendEscaped(value, true, to);
    to.append('"');
  }

  private static void appendEscaped(String value, boolean escapeQuote, StringBuilder to) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' || (c == '"' && escapeQuote)) {
        to.append('\\').append(c);
      } else if (c == '\n') {
        to.append("\\n");
      } else {
        to.append(c);
      }
    }
  }
}
