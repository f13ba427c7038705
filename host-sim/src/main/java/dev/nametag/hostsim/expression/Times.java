package dev.nametag.hostsim.expression;

import dev.nametag.hostsim.hostcall.PropertyValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Points and spans of time. Source: cel-cpp runtime/standard/time_functions.cc; the texts of spans,
 * absl::ParseDuration.
 */
final class Times {

  private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);
  private static final long MILLIS_PER_SECOND = 1000;

  /** Some 10,000 years. */
  private static final long MAX_SECONDS = 315_576_000_000L;

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private static final int DAYS_OF_WEEK = 7;

  private static final Map<String, BigDecimal> NANOS_PER_UNIT =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", NANOS_PER_SECOND,
          "m", NANOS_PER_SECOND.multiply(BigDecimal.valueOf(60)),
          "h", NANOS_PER_SECOND.multiply(BigDecimal.valueOf(3600)));

  private static final Pattern PART =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{0,18})?|\\.[0-9]{1,18})(ns|us|ms|s|m|h)");

  private Times() {}

  /** A part of a point of time in a zone, empty for UTC, or of a span of time. */
  static PropertyValue part(String function, PropertyValue value, PropertyValue zone) {
    if (value instanceof PropertyValue.Timestamp time && zone instanceof PropertyValue.Text name) {
      return new PropertyValue.Int(part(function, inZone(time.value(), name.bytes().toString())));
    }
    if (value instanceof PropertyValue.Span span
        && zone instanceof PropertyValue.Text name
        && name.bytes().isEmpty()) {
      return new PropertyValue.Int(part(function, span.value()));
    }
    throw EvaluationException.noOverload(function);
  }

  private static long part(String function, ZonedDateTime time) {
    return switch (function) {
      case "getFullYear" -> time.getYear();
      case "getMonth" -> time.getMonthValue() - 1;
      case "getDate" -> time.getDayOfMonth();
      case "getDayOfMonth" -> time.getDayOfMonth() - 1;
      case "getDayOfYear" -> time.getDayOfYear() - 1;
      case "getDayOfWeek" -> time.getDayOfWeek().getValue() % DAYS_OF_WEEK;
      case "getHours" -> time.getHour();
      case "getMinutes" -> time.getMinute();
      case "getSeconds" -> time.getSecond();
      default -> time.getNano() / 1_000_000;
    };
  }

  private static long part(String function, Duration span) {
    return switch (function) {
      case "getHours" -> span.toHours();
      case "getMinutes" -> span.toMinutes();
      case "getSeconds" -> span.toSeconds();
      case "getMilliseconds" -> span.toMillis() % MILLIS_PER_SECOND;
      default -> throw EvaluationException.noOverload(function);
    };
  }

  private static ZonedDateTime inZone(Instant time, String zone) {
    if (zone.isEmpty()) {
      return time.atZone(ZoneOffset.UTC);
    }
    try {
      if (zone.contains(":")) {
        return span(zone.replace(":", "h") + "m")
            .map(offset -> time.plus(offset).atZone(ZoneOffset.UTC))
            .orElseThrow(Times::noZone);
      }
      return time.atZone(ZoneId.of(zone));
    } catch (DateTimeException | ArithmeticException e) {
      throw noZone();
    }
  }

  private static EvaluationException noZone() {
    return new EvaluationException("Invalid timezone");
  }

  /** The point of time that a text in the form of RFC 3339 names. */
  static Instant timestamp(String text) {
    return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
  }

  /**
   * The span of time that a text such as {@code -1h30m} or {@code 1.5s} names.
   *
   * @throws ArithmeticException when it is much too long
   */
  static Optional<Duration> span(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String parts = signed ? text.substring(1) : text;
    BigDecimal nanos = BigDecimal.ZERO;
    if (!parts.equals("0")) {
      Matcher part = PART.matcher(parts);
      int at = 0;
      while (at < parts.length() && part.find(at) && part.start() == at) {
        nanos =
            nanos.add(new BigDecimal(part.group(1)).multiply(NANOS_PER_UNIT.get(part.group(2))));
        at = part.end();
      }
      if (at == 0 || at < parts.length()) {
        return Optional.empty();
      }
    }
    BigDecimal[] seconds =
        nanos.setScale(0, RoundingMode.DOWN).divideAndRemainder(NANOS_PER_SECOND);
    Duration span = Duration.ofSeconds(seconds[0].longValueExact(), seconds[1].longValue());
    return Optional.of(text.startsWith("-") ? span.negated() : span).filter(Times::isInRange);
  }

  /** Whether the span has a text. Source: cel-cpp internal/time.h, MinDuration, MaxDuration. */
  static boolean isInRange(Duration span) {
    return span.abs().toSeconds() <= MAX_SECONDS;
  }

  /** Whether the point has a text. Source: cel-cpp internal/time.h, MinTimestamp, MaxTimestamp. */
  static boolean isInRange(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /** The span as protobuf's JSON has it: {@code 1.500s}. */
  static String seconds(Duration span) {
    BigDecimal seconds = BigDecimal.valueOf(span.getSeconds());
    BigDecimal all = seconds.add(BigDecimal.valueOf(span.getNano(), 9)).stripTrailingZeros();
    int digits = (Math.max(all.scale(), 0) + 2) / 3 * 3;
    return all.setScale(digits).toPlainString() + "s";
  }
}
