package dev.nametag.hostsim.v8;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueDouble;
import com.caoccao.javet.values.primitive.V8ValueInteger;
import com.caoccao.javet.values.primitive.V8ValueLong;
import dev.nametag.hostsim.engine.Signature;
import dev.nametag.hostsim.engine.ValueType;

/**
 * Numbers on their way between the simulator's longs and V8. An i64 is a BigInt there; JavaScript
 * makes an i32 of a Number by dropping the upper half, and of a Number that does not fit a double.
 */
final class Values {

  private Values() {}

  static V8Value[] ofArguments(V8Runtime isolate, Signature signature, long[] arguments)
      throws JavetException {
    V8Value[] values = new V8Value[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      values[i] = of(isolate, signature.parameters().get(i), arguments[i]);
    }
    return values;
  }

  static V8Value ofResult(V8Runtime isolate, Signature signature, long result)
      throws JavetException {
    return signature.results().isEmpty()
        ? isolate.createV8ValueUndefined()
        : of(isolate, signature.results().get(0), result);
  }

  private static V8Value of(V8Runtime isolate, ValueType type, long value) throws JavetException {
    return switch (type) {
      case I32 -> isolate.createV8ValueInteger((int) value);
      case I64 -> isolate.createV8ValueLong(value);
      case F32 -> isolate.createV8ValueDouble(Float.intBitsToFloat((int) value));
      case F64 -> isolate.createV8ValueDouble(Double.longBitsToDouble(value));
      case UNKNOWN -> throw new IllegalArgumentException("no function of the ABI has this type");
    };
  }

  static long[] toLongs(V8Value[] values) {
    long[] longs = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      longs[i] = toLong(values[i]);
    }
    return longs;
  }

  /** Returns the number, or 0 when there is none. */
  static long toLong(V8Value value) {
    if (value instanceof V8ValueInteger i32) {
      return i32.getValue();
    }
    if (value instanceof V8ValueLong i64) {
      return i64.getValue();
    }
    return value instanceof V8ValueDouble f64 ? Double.doubleToLongBits(f64.getValue()) : 0;
  }
}
