package dev.nametag.hostsim.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.stats.Numbers;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Values made of values of other types. Source: cel-cpp
 * runtime/standard/type_conversion_functions.cc; the texts of numbers, absl::SimpleAtoi, SimpleAtod
 * and StrCat.
 */
final class Conversions {

  private static final double TWO_TO_63 = 0x1p63;
  private static final double TWO_TO_64 = 0x1p64;
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}");

  /** Never goes back, so that no text takes long. */
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]{1,9})?");

  private Conversions() {}

  /** The value as one of the type that the function is named after. */
  static PropertyValue to(String type, PropertyValue value) {
    return switch (type) {
      case "bool" -> toFlag(value);
      case "int" -> new PropertyValue.Int(toInt(value));
      case "uint" -> new PropertyValue.Uint(toUint(value));
      case "double" -> new PropertyValue.Num(toDouble(value));
      case "string" -> toText(value);
      case "bytes" -> toBytes(value);
      case "timestamp" -> toTimestamp(value);
      default -> toSpan(value);
    };
  }

  private static PropertyValue toFlag(PropertyValue value) {
    if (value instanceof PropertyValue.Flag) {
      return value;
    }
    throw failed("bool", value);
  }

  private static long toInt(PropertyValue value) {
    if (value instanceof PropertyValue.Int number) {
      return number.value();
    }
    if (value instanceof PropertyValue.Uint number && number.bits() >= 0) {
      return number.bits();
    }
    if (value instanceof PropertyValue.Num number
        && number.value() > -TWO_TO_63
        && number.value() < TWO_TO_63) {
      return (long) number.value();
    }
    if (value instanceof PropertyValue.Flag flag) {
      return flag.value() ? 1 : 0;
    }
    if (value instanceof PropertyValue.Timestamp time) {
      return time.value().getEpochSecond();
    }
    if (value instanceof PropertyValue.Text text) {
      try {
        return Long.parseLong(number(WHOLE, text));
      } catch (NumberFormatException e) {
        throw failed("int", value);
      }
    }
    throw failed("int", value);
  }

  private static long toUint(PropertyValue value) {
    if (value instanceof PropertyValue.Uint number) {
      return number.bits();
    }
    if (value instanceof PropertyValue.Int number && number.value() >= 0) {
      return number.value();
    }
    if (value instanceof PropertyValue.Num number
        && number.value() >= 0
        && number.value() < TWO_TO_64) {
      return new BigDecimal(number.value()).toBigInteger().longValue();
    }
    if (value instanceof PropertyValue.Text text) {
      try {
        return Long.parseUnsignedLong(number(WHOLE, text));
      } catch (NumberFormatException e) {
        throw failed("uint", value);
      }
    }
    throw failed("uint", value);
  }

  static double toDouble(PropertyValue value) {
    if (value instanceof PropertyValue.Num number) {
      return number.value();
    }
    if (value instanceof PropertyValue.Int number) {
      return number.value();
    }
    if (value instanceof PropertyValue.Uint number) {
      return number.bits() >= 0
          ? number.bits()
          : new BigDecimal(Long.toUnsignedString(number.bits())).doubleValue();
    }
    if (value instanceof PropertyValue.Text text) {
      return Double.parseDouble(number(DECIMAL, text));
    }
    throw failed("double", value);
  }

  /** The text without the white space around it. */
  private static String number(Pattern form, PropertyValue.Text text) {
    String number = text.bytes().toString().strip();
    if (!form.matcher(number).matches()) {
      throw failed("number", text);
    }
    return number;
  }

  private static PropertyValue toText(PropertyValue value) {
    if (value instanceof PropertyValue.Text) {
      return value;
    }
    if (value instanceof PropertyValue.Bytes bytes) {
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.bytes().toByteArray()));
        return new PropertyValue.Text(bytes.bytes());
      } catch (CharacterCodingException e) {
        throw failed("string", value);
      }
    }
    if (value instanceof PropertyValue.Int number) {
      return PropertyValue.text(Long.toString(number.value()));
    }
    if (value instanceof PropertyValue.Uint number) {
      return PropertyValue.text(Long.toUnsignedString(number.bits()));
    }
    if (value instanceof PropertyValue.Num number) {
      return PropertyValue.text(sixDigits(number.value()));
    }
    if (value instanceof PropertyValue.Timestamp time && Times.isInRange(time.value())) {
      return PropertyValue.text(time.value().toString());
    }
    if (value instanceof PropertyValue.Span span && Times.isInRange(span.value())) {
      return PropertyValue.text(Times.seconds(span.value()));
    }
    throw failed("string", value);
  }

  private static String sixDigits(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return Numbers.general(value);
  }

  private static PropertyValue toBytes(PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      return new PropertyValue.Bytes(text.bytes());
    }
    if (value instanceof PropertyValue.Bytes) {
      return value;
    }
    throw failed("bytes", value);
  }

  private static PropertyValue toTimestamp(PropertyValue value) {
    if (value instanceof PropertyValue.Timestamp) {
      return value;
    }
    try {
      if (value instanceof PropertyValue.Int seconds) {
        return new PropertyValue.Timestamp(Instant.ofEpochSecond(seconds.value()));
      }
      if (value instanceof PropertyValue.Text text) {
        return new PropertyValue.Timestamp(Times.timestamp(text.bytes().toString()));
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw failed("timestamp", value);
    }
    throw failed("timestamp", value);
  }

  private static PropertyValue toSpan(PropertyValue value) {
    if (value instanceof PropertyValue.Span) {
      return value;
    }
    if (value instanceof PropertyValue.Text text) {
      return Times.span(text.bytes().toString())
          .<PropertyValue>map(PropertyValue.Span::new)
          .orElseThrow(() -> failed("duration", value));
    }
    throw failed("duration", value);
  }

  private static EvaluationException failed(String type, PropertyValue value) {
    return new EvaluationException("no " + type + " can be made of a " + Types.of(value));
  }
}
