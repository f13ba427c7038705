package dev.nametag.hostsim.expression;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Numbers, time, and what can be joined. Numbers of different types do not mix.
 *
 * <p>Source: cel-cpp runtime/standard/arithmetic_functions.cc and time_functions.cc,
 * internal/overflow.cc.
 */
final class Arithmetic {

  private final Work work;

  Arithmetic(Work work) {
    this.work = work;
  }

  PropertyValue add(PropertyValue a, PropertyValue b) {
    if (a instanceof PropertyValue.Text text && b instanceof PropertyValue.Text other) {
      return new PropertyValue.Text(join(text.bytes(), other.bytes()));
    }
    if (a instanceof PropertyValue.Bytes bytes && b instanceof PropertyValue.Bytes other) {
      return new PropertyValue.Bytes(join(bytes.bytes(), other.bytes()));
    }
    if (a instanceof PropertyValue.Elements list && b instanceof PropertyValue.Elements other) {
      work.elements((long) list.values().size() + other.values().size());
      List<PropertyValue> joined = new ArrayList<>(list.values());
      joined.addAll(other.values());
      return new PropertyValue.Elements(joined);
    }
    if (b instanceof PropertyValue.Span span) {
      return shift("_+_", a, span.value());
    }
    if (a instanceof PropertyValue.Span span) {
      return shift("_+_", b, span.value());
    }
    if (a instanceof PropertyValue.Int x && b instanceof PropertyValue.Int y) {
      return exact(() -> new PropertyValue.Int(Math.addExact(x.value(), y.value())));
    }
    if (a instanceof PropertyValue.Uint x && b instanceof PropertyValue.Uint y) {
      long sum = x.bits() + y.bits();
      return unsigned(sum, Long.compareUnsigned(sum, x.bits()) >= 0);
    }
    if (a instanceof PropertyValue.Num x && b instanceof PropertyValue.Num y) {
      return new PropertyValue.Num(x.value() + y.value());
    }
    throw EvaluationException.noOverload("_+_");
  }

  private ByteString join(ByteString a, ByteString b) {
    work.bytes((long) a.size() + b.size());
    return a.concat(b);
  }

  static PropertyValue subtract(PropertyValue a, PropertyValue b) {
    if (a instanceof PropertyValue.Timestamp x && b instanceof PropertyValue.Timestamp y) {
      return exact(() -> new PropertyValue.Span(Duration.between(y.value(), x.value())));
    }
    if (b instanceof PropertyValue.Span span) {
      return shift("_-_", a, span.value().negated());
    }
    if (a instanceof PropertyValue.Int x && b instanceof PropertyValue.Int y) {
      return exact(() -> new PropertyValue.Int(Math.subtractExact(x.value(), y.value())));
    }
    if (a instanceof PropertyValue.Uint x && b instanceof PropertyValue.Uint y) {
      return unsigned(x.bits() - y.bits(), Long.compareUnsigned(x.bits(), y.bits()) >= 0);
    }
    if (a instanceof PropertyValue.Num x && b instanceof PropertyValue.Num y) {
      return new PropertyValue.Num(x.value() - y.value());
    }
    throw EvaluationException.noOverload("_-_");
  }

  private static PropertyValue shift(String function, PropertyValue time, Duration by) {
    if (time instanceof PropertyValue.Timestamp point) {
      return exact(() -> new PropertyValue.Timestamp(point.value().plus(by)));
    }
    if (time instanceof PropertyValue.Span span) {
      return exact(() -> new PropertyValue.Span(span.value().plus(by)));
    }
    throw EvaluationException.noOverload(function);
  }

  static PropertyValue multiplyOrDivide(String function, PropertyValue a, PropertyValue b) {
    if (a instanceof PropertyValue.Int x && b instanceof PropertyValue.Int y) {
      return exact(() -> new PropertyValue.Int(whole(function, x.value(), y.value())));
    }
    if (a instanceof PropertyValue.Uint x && b instanceof PropertyValue.Uint y) {
      return unsigned(function, x.bits(), y.bits());
    }
    if (a instanceof PropertyValue.Num x && b instanceof PropertyValue.Num y) {
      if (function.equals("_*_")) {
        return new PropertyValue.Num(x.value() * y.value());
      }
      if (function.equals("_/_")) {
        return new PropertyValue.Num(x.value() / y.value());
      }
    }
    throw EvaluationException.noOverload(function);
  }

  private static long whole(String function, long a, long b) {
    if (function.equals("_*_")) {
      return Math.multiplyExact(a, b);
    }
    if (b == 0) {
      throw dividedByZero();
    }
    if (a == Long.MIN_VALUE && b == -1) {
      throw overflow();
    }
    return function.equals("_/_") ? a / b : a % b;
  }

  private static PropertyValue unsigned(String function, long a, long b) {
    if (function.equals("_*_")) {
      // The upper half of the product, where both are read without a sign.
      long above = Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
      return unsigned(a * b, above == 0);
    }
    if (b == 0) {
      throw dividedByZero();
    }
    return new PropertyValue.Uint(
        function.equals("_/_") ? Long.divideUnsigned(a, b) : Long.remainderUnsigned(a, b));
  }

  private static PropertyValue unsigned(long bits, boolean fits) {
    if (!fits) {
      throw overflow();
    }
    return new PropertyValue.Uint(bits);
  }

  static PropertyValue negate(PropertyValue value) {
    if (value instanceof PropertyValue.Int number) {
      return exact(() -> new PropertyValue.Int(Math.negateExact(number.value())));
    }
    if (value instanceof PropertyValue.Num number) {
      return new PropertyValue.Num(-number.value());
    }
    throw EvaluationException.noOverload("-_");
  }

  private static PropertyValue exact(Supplier<PropertyValue> operation) {
    try {
      return operation.get();
    } catch (ArithmeticException | DateTimeException e) {
      throw overflow();
    }
  }

  private static EvaluationException overflow() {
    return new EvaluationException("integer overflow");
  }

  private static EvaluationException dividedByZero() {
    return new EvaluationException("divide by zero");
  }
}
