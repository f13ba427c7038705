package dev.nametag.relabel.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.relabel.engine.Labels;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExpositionWriterTest {
  private static final String[] VALUES = {"0", "90", "NaN", "+Inf", "-Inf", "1e-05", "0.50"};
  private static final String[] PIECES = {
    "a",
    "B",
    "1",
    "_",
    ":",
    ".",
    "-",
    "\"",
    "\\",
    "\n",
    "n",
    " ",
    "\t",
    "é",
    "\uD83D\uDE00",
    "{",
    "}",
    ",",
    "=",
    "#"
  };

  @Test
  void samplesAreWrittenNameFirstAndLabelsSorted() {
    Sample sample =
        new Sample(
            Labels.of("z", "1", "__name__", "calls", "a", "\\ \" \n ü"), "90", OptionalLong.of(7));

    assertThat(ExpositionWriter.toText(List.of(sample)))
        .isEqualTo("calls{a=\"\\\\ \\\" \\n ü\",z=\"1\"} 90 7\n");
  }

  @Test
  void sampleWithoutLabelsHasNoBraces() {
    assertThat(ExpositionWriter.toText(List.of(Sample.of(Labels.of("__name__", "x"), "1"))))
        .isEqualTo("x 1\n");
  }

  @Test
  void namesOutsideTheClassicSetAreQuoted() {
    Sample sample = Sample.of(Labels.of("__name__", "a.b", "c.d", "1", "e", "2"), "1");

    assertThat(ExpositionWriter.toText(List.of(new TypeLine("a.b", MetricType.GAUGE), sample)))
        .isEqualTo("# TYPE \"a.b\" gauge\n{\"a.b\",\"c.d\"=\"1\",e=\"2\"} 1\n");
  }

  @Test
  void helpEscapesBackslashAndLineFeedOnly() {
    assertThat(ExpositionWriter.toText(List.of(new HelpLine("x", "a\\b\nc\"d"))))
        .isEqualTo("# HELP x a\\\\b\\nc\"d\n");
  }

  @Test
  void streamGetsUtf8() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ExpositionWriter(out).write(Sample.of(Labels.of("__name__", "x", "a", "ü"), "1"));

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("x{a=\"ü\"} 1\n");
  }

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readingUndoesWriting(int seed) {
    Random random = new Random(seed);
    List<ExpositionLine> lines = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      lines.add(line(random));
    }

    assertThat(ExpositionReader.read("page", ExpositionWriter.toText(lines))).isEqualTo(lines);
  }

  private static ExpositionLine line(Random random) {
    String name = name(random);
    return switch (random.nextInt(6)) {
      case 0 ->
          new TypeLine(name, random.nextBoolean() ? MetricType.COUNTER : MetricType.HISTOGRAM);
      case 1 -> new HelpLine(name, text(random, 8));
      case 2 -> new CommentLine("! " + text(random, 8).replace("\n", ""));
      case 3 -> new BlankLine();
      default -> sample(random, name);
    };
  }

  private static Sample sample(Random random, String name) {
    Labels labels = Labels.of("__name__", name);
    for (int i = random.nextInt(5); i > 0; i--) {
      String label = name(random);
      labels = labels.with(label, text(random, 6));
    }
    OptionalLong time =
        random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty();
    return new Sample(labels, VALUES[random.nextInt(VALUES.length)], time);
  }

  private static String name(Random random) {
    return random.nextBoolean() ? "name_" + random.nextInt(9) : "n" + text(random, 5);
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
