package dev.nametag.hostsim.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * Makes trees of texts, of at most 100,000 characters. The macros are those of cel-cpp
 * parser/macro.h, Macro::AllMacros, the limits those of parser/internal/options.h.
 */
final class ExpressionParser {

  private static final CelParser TO_250_LEVELS = parser(250);
  private static final CelParser TO_32_LEVELS = parser(32);

  private final CelParser parser;

  /** That cel-cpp allows fewer levels from that release on is derived. */
  ExpressionParser(EnvoyVersion release) {
    parser = release.atLeast(EnvoyVersion.V1_33) ? TO_32_LEVELS : TO_250_LEVELS;
  }

  private static CelParser parser(int levels) {
    return CelParserFactory.standardCelParserBuilder()
        .setOptions(
            CelOptions.newBuilder()
                .enableReservedIds(true)
                .maxExpressionCodePointSize(100_000)
                .maxParseRecursionDepth(levels)
                .build())
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .build();
  }

  /** The tree; empty when the text is no expression. */
  Optional<CelExpr> parse(ByteString text) {
    try {
      String source = UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toByteArray())).toString();
      return Optional.of(parser.parse(source).getAst().getExpr());
    } catch (CharacterCodingException | CelValidationException e) {
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError e) {
      // Nothing that a guest writes may bring the host down, whatever the parser makes of it.
      return Optional.empty();
    }
  }
}
