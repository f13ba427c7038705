package dev.nametag.hostsim.expression;

import dev.cel.common.ast.CelExpr;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.CallContext;
import dev.nametag.hostsim.hostcall.Expressions;
import dev.nametag.hostsim.hostcall.PropertyValue;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The expressions of one root context, which count 0, 1, 2, …; they go with it. There may be any
 * number of them.
 *
 * <p>Source: Envoy source/extensions/common/wasm/foreign.cc, ExpressionContext.
 */
public final class RootExpressions implements Expressions {

  private final Map<Integer, CelExpr> trees = new HashMap<>();
  private final ExpressionParser parser;
  private int next;

  /** None, yet, in an Envoy of that release. */
  public RootExpressions(EnvoyVersion release) {
    parser = new ExpressionParser(release);
  }

  @Override
  public OptionalInt create(ByteString text) {
    Optional<CelExpr> tree = parser.parse(text);
    if (tree.isEmpty()) {
      return OptionalInt.empty();
    }
    // An expression that calls what is not there uses its token up.
    int token = next++;
    if (!Functions.areThereFor(tree.get())) {
      return OptionalInt.empty();
    }
    trees.put(token, tree.get());
    return OptionalInt.of(token);
  }

  @Override
  public boolean has(int token) {
    return trees.containsKey(token);
  }

  @Override
  public Optional<PropertyValue> evaluate(int token, CallContext context) {
    try {
      return Optional.of(new Evaluator(context::property).evaluate(trees.get(token)));
    } catch (EvaluationException | AbortedException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(int token) {
    trees.remove(token);
  }
}
