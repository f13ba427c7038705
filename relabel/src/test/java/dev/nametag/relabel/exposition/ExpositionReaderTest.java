package dev.nametag.relabel.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nametag.relabel.engine.Labels;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is accepted and what is refused comes from Prometheus 2.42, which scraped such pages; the
 * differences are listed at {@link ExpositionReader}.
 */
class ExpositionReaderTest {
  private static ExpositionLine one(String text) {
    List<ExpositionLine> lines = ExpositionReader.read("page", text);
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private static Sample sample(String value, String... labels) {
    return Sample.of(Labels.of(labels), value);
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        Arguments.of("calls 90", sample("90", "__name__", "calls")),
        Arguments.of("calls{} 90", sample("90", "__name__", "calls")),
        Arguments.of(" \tcalls 90 ", sample("90", "__name__", "calls")),
        Arguments.of("a:b 1", sample("1", "__name__", "a:b")),
        Arguments.of("x{a=\"b\"} 1", sample("1", "__name__", "x", "a", "b")),
        Arguments.of("x{a=\"b\",} 1", sample("1", "__name__", "x", "a", "b")),
        Arguments.of(
            "x { a = \"b\" , c = \"d\" , }  1  1753856977321  ",
            new Sample(
                Labels.of("__name__", "x", "a", "b", "c", "d"),
                "1",
                OptionalLong.of(1753856977321L))),
        Arguments.of("x 1 -5", new Sample(Labels.of("__name__", "x"), "1", OptionalLong.of(-5))),
        Arguments.of("x{a=\"\"} 1", sample("1", "__name__", "x")),
        Arguments.of("x{a=\"}, \"}1", sample("1", "__name__", "x", "a", "}, ")),
        Arguments.of("x{a=\"ünï\"} 1", sample("1", "__name__", "x", "a", "ünï")),
        Arguments.of("x{a=\"\\\\ \\\" \\n\"} 1", sample("1", "__name__", "x", "a", "\\ \" \n")),
        Arguments.of("x{a=\"é\\n\"} 1", sample("1", "__name__", "x", "a", "é\n")),
        Arguments.of("x{a=\"\\t\"} 1", sample("1", "__name__", "x", "a", "\\t")),
        Arguments.of("{\"a.b\", x=\"y\"} 1", sample("1", "__name__", "a.b", "x", "y")),
        Arguments.of("{x=\"y\",\"a.b\"} 1", sample("1", "__name__", "a.b", "x", "y")),
        Arguments.of("n{\"a.b\"=\"y\"} 1", sample("1", "__name__", "n", "a.b", "y")),
        Arguments.of("# TYPE x counter", new TypeLine("x", MetricType.COUNTER)),
        Arguments.of(" #\tTYPE  x\thistogram ", new TypeLine("x", MetricType.HISTOGRAM)),
        Arguments.of("# TYPE \"a.b\" gauge", new TypeLine("a.b", MetricType.GAUGE)),
        Arguments.of(
            "# HELP x some\\nhelp \\\\ \"q\" \\\"", new HelpLine("x", "some\nhelp \\ \"q\" \\\"")),
        Arguments.of("# HELP x", new HelpLine("x", "")),
        Arguments.of("# HELP x  two", new HelpLine("x", " two")),
        Arguments.of("# EOF", new CommentLine(" EOF")),
        Arguments.of("#", new CommentLine("")),
        Arguments.of("#TYPE x nonsense", new CommentLine("TYPE x nonsense")),
        Arguments.of("# TYPE", new CommentLine(" TYPE")),
        Arguments.of("# TYPES x y", new CommentLine(" TYPES x y")),
        Arguments.of(" \t", new BlankLine()));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void lineIsRead(String text, ExpositionLine line) {
    assertThat(one(text)).isEqualTo(line);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void lineIsReadAmongOthers(String text, ExpositionLine line) {
    assertThat(ExpositionReader.read("page", "a 1\n" + text + "\nb 2\n"))
        .element(1)
        .isEqualTo(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "90",
        "+1",
        "-1.50",
        ".5",
        "5.",
        "1e5",
        "1E-300",
        "NaN",
        "nan",
        "+Inf",
        "-Inf",
        "inf",
        "Infinity",
        "-infinity",
        "1e-999",
        "00"
      })
  void valueIsKeptAsWritten(String value) {
    assertThat(one("x " + value)).isEqualTo(sample(value, "__name__", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", "1_0", "0x1", "1e", "1e+", ".", "+", "-nan", "infinit", "1e999", "90\r", "1,5", "é",
        "1p2"
      })
  void valueThatGoDoesNotReadIsRefused(String value) {
    assertThatThrownBy(() -> one("x " + value)).hasMessageContaining("is no value");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("x", "expected a value, found the end of the line"),
        Arguments.of("x{a=\"b\"}", "expected a value, found the end of the line"),
        Arguments.of("1x 1", "invalid metric name at \"1x 1\""),
        Arguments.of("a-b 1", "invalid metric name at \"-b 1\""),
        Arguments.of("ü 1", "invalid metric name at \"ü 1\""),
        Arguments.of("\0bar 1", "invalid metric name at \"\uFFFDbar 1\""),
        Arguments.of("{a=\"b\"} 1", "expected a metric name"),
        Arguments.of("{\"\"} 1", "expected a metric name"),
        Arguments.of("{__name__=\"b\"} 1", "expected a metric name"),
        Arguments.of("{\"a\",\"b\"} 1", "a second metric name, \"b\""),
        Arguments.of("a{\"b\"} 1", "a second metric name, \"b\""),
        Arguments.of("x{a=\"b\",a=\"c\"} 1", "label \"a\" is given twice"),
        Arguments.of("x{a=\"\",a=\"c\"} 1", "label \"a\" is given twice"),
        Arguments.of("x{__name__=\"y\"} 1", "label \"__name__\" is given twice"),
        Arguments.of("x{,a=\"b\"} 1", "expected a label name, found \",a=\"b\"} 1\""),
        Arguments.of("x{1=\"b\"} 1", "expected a label name, found \"1=\"b\"} 1\""),
        Arguments.of("x{a:b=\"b\"} 1", "expected = after the label name, found \":b=\"b\"} 1\""),
        Arguments.of("x{a} 1", "expected = after the label name, found \"} 1\""),
        Arguments.of("x{a=b} 1", "expected \" before the label value, found \"b} 1\""),
        Arguments.of(
            "x{a=\"b\" c=\"d\"} 1", "expected a comma or a closing brace, found \"c=\"d\"} 1\""),
        Arguments.of("x{a=\"b\"", "expected a comma or a closing brace, found the end of the line"),
        Arguments.of("x{a=\"b", "the line ends inside a label value"),
        Arguments.of("x{a=\"b\\", "the line ends inside a label value"),
        Arguments.of("x{a=\"b\\\"} 1", "the line ends inside a label value"),
        Arguments.of("x{a=\"b\nc\"} 1", "the line ends inside a label value"),
        Arguments.of("x{a=", "expected \" before the label value, found the end of the line"),
        Arguments.of("x{", "expected a label name, found the end of the line"),
        Arguments.of("x 1 2 3", "expected the end of the line, found \"3\""),
        Arguments.of("x 1 # {a=\"b\"} 2", "expected the end of the line, found \"{a=\"b\"} 2\""),
        Arguments.of("x 1 5.5", "\"5.5\" is no timestamp in milliseconds"),
        Arguments.of("x 1 +5", "\"+5\" is no timestamp in milliseconds"),
        Arguments.of(
            "x 1 9223372036854775808", "\"9223372036854775808\" is no timestamp in milliseconds"),
        Arguments.of("# TYPE x unknown", "invalid metric type \"unknown\""),
        Arguments.of("# TYPE x", "invalid metric type \"\""),
        Arguments.of("# TYPE x Counter", "invalid metric type \"Counter\""),
        Arguments.of("# HELP ", "expected a metric name after HELP"),
        Arguments.of("# HELP a-b c", "invalid metric name at \"-b c\""));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void lineIsRefusedWithItsNumberAndReason(String text, String reason) {
    assertThatThrownBy(() -> ExpositionReader.read("page", "ok 1\n\n" + text))
        .isInstanceOf(ExpositionException.class)
        .hasMessage("page: line 3: " + reason);
  }

  private static InputStream bytes(int... bytes) {
    byte[] copy = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      copy[i] = (byte) bytes[i];
    }
    return new ByteArrayInputStream(copy);
  }

  @ParameterizedTest
  @CsvSource({"255,65", "195,65", "192,128", "237,160"})
  void brokenUtf8InALabelValueIsRefused(int first, int second) {
    InputStream in = bytes('x', '{', 'a', '=', '"', first, second, '"', '}', ' ', '1');

    assertThatThrownBy(() -> new ExpositionReader(in, "page").next())
        .hasMessage("page: line 1: invalid UTF-8 in a label value");
  }

  @Test
  void brokenUtf8InAHelpTextIsRefused() {
    InputStream in = bytes('#', ' ', 'H', 'E', 'L', 'P', ' ', 'x', ' ', 0xFF);

    assertThatThrownBy(() -> new ExpositionReader(in, "page").next())
        .hasMessage("page: line 1: invalid UTF-8 in a help text");
  }

  @Test
  void brokenUtf8InACommentHarmsNobody() {
    assertThat(new ExpositionReader(bytes('#', 0xFF, '\n'), "page").next())
        .isEqualTo(new CommentLine("\uFFFD"));
  }

  @Test
  void emptyPageHasNoLines() {
    assertThat(ExpositionReader.read("page", "")).isEmpty();
  }

  @Test
  void lastLineFeedMayBeMissing() {
    assertThat(ExpositionReader.read("page", "a 1\nb 2")).hasSize(2);
  }

  @Test
  void lineAtTheLimitIsReadAndOneLongerIsNot() {
    InputStream in = new ByteArrayInputStream("a 1234\na 12345\n".getBytes(StandardCharsets.UTF_8));
    ExpositionReader reader = new ExpositionReader(in, "page", 6);

    assertThat(reader.next()).isEqualTo(sample("1234", "__name__", "a"));
    assertThatThrownBy(reader::next).hasMessage("page: line 2: longer than 6 bytes");
  }

  @Test
  void lineThatNeverEndsIsRefusedInsteadOfHeld() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };

    assertThatThrownBy(() -> new ExpositionReader(endless, "page").next())
        .hasMessage("page: line 1: longer than 1048576 bytes");
  }

  @Test
  void lineWithVeryManyLabelsIsReadInTime() {
    StringBuilder line = new StringBuilder("x{");
    IntStream.range(0, 60_000).forEach(i -> line.append("n").append(i).append("=\"v\","));

    assertThat(((Sample) one(line + "} 1")).labels().size()).isEqualTo(60_001);
  }

  static IntStream chunks() {
    return IntStream.of(1, 2, 3, 7, 100);
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void anyChunkingGivesTheSameLines(int chunk) {
    StringBuilder page = new StringBuilder();
    lines().forEach(arguments -> page.append(arguments.get()[0]).append('\n'));
    byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
    InputStream in = InputStream.nullInputStream();
    for (int at = 0; at < bytes.length; at += chunk) {
      int length = Math.min(chunk, bytes.length - at);
      in = new SequenceInputStream(in, new ByteArrayInputStream(bytes, at, length));
      if (at / chunk > 500) {
        // A longer chain of streams would overflow the stack.
        in =
            new SequenceInputStream(
                in, new ByteArrayInputStream(bytes, at + length, bytes.length - at - length));
        break;
      }
    }
    List<ExpositionLine> lines = new ArrayList<>();
    new ExpositionReader(in, "page").forEachRemaining(lines::add);

    assertThat(lines).isEqualTo(ExpositionReader.read("page", page.toString()));
  }

  @Test
  void lineNumberIsThatOfTheLastLine() {
    InputStream in = new ByteArrayInputStream("a 1\n\nb 2\n".getBytes(StandardCharsets.UTF_8));
    ExpositionReader reader = new ExpositionReader(in, "page");
    reader.next();
    reader.next();

    assertThat(reader.lineNumber()).isEqualTo(2);
  }

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noBytesThrowAnythingElse(int seed) {
    Random random = new Random(seed);
    String alphabet = "a1_:{}=\",\\n# \tTYPEHLé\u0000\r.-+";
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(30)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] =
            random.nextInt(10) == 0
                ? (byte) random.nextInt()
                : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      try {
        new ExpositionReader(new ByteArrayInputStream(bytes), "page").forEachRemaining(line -> {});
      } catch (ExpositionException e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
  }
}
