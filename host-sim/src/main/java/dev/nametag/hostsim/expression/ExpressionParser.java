package dev.nametag.hostsim.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.nametag.hostsim.bytes.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * Makes trees of texts. The limits, 100,000 characters and 250 levels, are those of cel-cpp
 * parser/internal/options.h, and the macros those of parser/macro.h, Macro::AllMacros.
 */
final class ExpressionParser {

  private static final CelParser PARSER =
      CelParserFactory.standardCelParserBuilder()
          .setOptions(
              CelOptions.newBuilder()
                  .enableReservedIds(true)
                  .maxExpressionCodePointSize(100_000)
                  .maxParseRecursionDepth(250)
                  .build())
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .build();

  private ExpressionParser() {}

  /** The tree; empty when the text is no expression. */
  static Optional<CelExpr> parse(ByteString text) {
    try {
      String source = UTF_8.newDecoder().decode(ByteBuffer.wrap(text.toByteArray())).toString();
      return Optional.of(PARSER.parse(source).getAst().getExpr());
    } catch (CharacterCodingException | CelValidationException e) {
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError e) {
      // Nothing that a guest writes may bring the host down, whatever the parser makes of it.
      return Optional.empty();
    }
  }
}
