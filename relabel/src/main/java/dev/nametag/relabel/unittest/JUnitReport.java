package dev.nametag.relabel.unittest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Test results as the XML that CI systems read, one suite for each file. */
public final class JUnitReport {
  private final Map<String, List<RelabelTestResult>> suites = new LinkedHashMap<>();

  /** Adds the results of a file. */
  public void add(String file, List<RelabelTestResult> results) {
    suites.put(file, results);
  }

  /** Returns the document. */
  public String xml() {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites>\n");
    suites.forEach(
        (file, results) -> {
          long failures = results.stream().filter(result -> !result.passed()).count();
          xml.append("  <testsuite name=\"").append(escape(file));
          xml.append("\" tests=\"").append(results.size());
          xml.append("\" failures=\"").append(failures);
          xml.append("\" errors=\"0\" skipped=\"0\">\n");
          results.forEach(result -> testCase(file, result, xml));
          xml.append("  </testsuite>\n");
        });
    return xml.append("</testsuites>\n").toString();
  }

  private static void testCase(String file, RelabelTestResult result, StringBuilder xml) {
    xml.append("    <testcase classname=\"").append(escape(file));
    xml.append("\" name=\"").append(escape(result.test().name())).append('"');
    if (result.passed()) {
      xml.append("/>\n");
      return;
    }
    List<String> lines = result.lines();
    xml.append(">\n      <failure message=\"").append(escape(lines.get(0))).append("\">");
    xml.append(escape(String.join("\n", lines))).append("</failure>\n    </testcase>\n");
  }

  /** XML cannot hold most control characters at all, nor half of a surrogate pair. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              boolean refused =
                  (c < 0x20 && c != '\n' && c != '\t')
                      || (c >= 0xD800 && c < 0xE000)
                      || c == 0xFFFE
                      || c == 0xFFFF;
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(refused ? 0xFFFD : c);
              }
            });
    return escaped.toString();
  }
}
