package dev.nametag.hostsim.hostcall;

import dev.nametag.hostsim.bytes.ByteString;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The expressions of a root context, by tokens of its own. Source: Envoy
 * source/extensions/common/wasm/foreign.cc, ExpressionFactory.
 */
public interface Expressions {

  /** Keeps an expression and gives its token; empty when the text is none. */
  OptionalInt create(ByteString text);

  /** Whether there is an expression with that token. */
  boolean has(int token);

  /** What an expression comes to in a context; empty when it comes to an error. */
  Optional<PropertyValue> evaluate(int token, CallContext context);

  /** Forgets an expression, if it is there. */
  void delete(int token);
}
