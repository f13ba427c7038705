package dev.nametag.hostsim.expression;

import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One evaluation of a tree. A name is asked for when it is come to, each time.
 *
 * <p>Source: cel-cpp eval/eval, ident_step, select_step, logic_step, ternary_step,
 * comprehension_step, create_list_step and create_map_step.
 */
final class Evaluator {

  private final Function<ByteString, Optional<PropertyValue>> attributes;
  private final Work work = new Work();
  private final Functions functions = new Functions(work);
  private final Containers containers = new Containers(work);

  private Variable variables;

  Evaluator(Function<ByteString, Optional<PropertyValue>> attributes) {
    this.attributes = attributes;
  }

  /** A name of a loop, which holds a value, a list that grows, or the error in its place. */
  private static final class Variable {

    private final String name;
    private final Variable outer;
    private final List<PropertyValue> elements = new ArrayList<>();
    private PropertyValue value;
    private EvaluationException error;

    Variable(String name, Variable outer) {
      this.name = name;
      this.outer = outer;
    }

    PropertyValue get() {
      if (error != null) {
        throw error;
      }
      return value == null ? new PropertyValue.Elements(elements) : value;
    }
  }

  /**
   * What the tree comes to.
   *
   * @throws EvaluationException for an error
   * @throws AbortedException for more work than there may be
   */
  PropertyValue evaluate(CelExpr tree) {
    work.step();
    return switch (tree.getKind()) {
      case CONSTANT -> constant(tree.constant());
      case IDENT -> named(tree.ident().name());
      case SELECT -> select(tree.select());
      case CALL -> call(tree.call());
      case LIST -> list(tree.list().elements());
      case MAP -> map(tree.map());
      case COMPREHENSION -> loop(tree.comprehension());
      case STRUCT, NOT_SET -> throw new IllegalStateException("was refused: " + tree.getKind());
    };
  }

  private static PropertyValue constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case NULL_VALUE -> new PropertyValue.Null();
      case BOOLEAN_VALUE -> new PropertyValue.Flag(constant.booleanValue());
      case INT64_VALUE -> new PropertyValue.Int(constant.int64Value());
      case UINT64_VALUE -> new PropertyValue.Uint(constant.uint64Value().longValue());
      case DOUBLE_VALUE -> new PropertyValue.Num(constant.doubleValue());
      case STRING_VALUE -> PropertyValue.text(constant.stringValue());
      case BYTES_VALUE ->
          new PropertyValue.Bytes(ByteString.of(constant.bytesValue().toByteArray()));
      case NOT_SET, TIMESTAMP_VALUE, DURATION_VALUE ->
          throw new IllegalStateException("no text is a constant of " + constant.getKind());
    };
  }

  private PropertyValue named(String name) {
    for (Variable variable = variables; variable != null; variable = variable.outer) {
      if (variable.name.equals(name)) {
        return variable.get();
      }
    }
    return Types.named(name)
        .or(() -> attribute(name))
        .orElseThrow(() -> new EvaluationException("No value with name \"" + name + "\" found"));
  }

  private Optional<PropertyValue> attribute(String name) {
    work.look();
    return attributes.apply(ByteString.utf8(name));
  }

  private PropertyValue select(CelSelect select) {
    PropertyValue operand = evaluate(select.operand());
    ByteString field = ByteString.utf8(select.field());
    return select.testOnly()
        ? new PropertyValue.Flag(containers.hasField(operand, field))
        : containers.field(operand, field);
  }

  private PropertyValue call(CelCall call) {
    Operator operator = Operator.findReverse(call.function()).orElse(null);
    if (operator == Operator.LOGICAL_AND) {
      return logical(call, false);
    }
    if (operator == Operator.LOGICAL_OR) {
      return logical(call, true);
    }
    if (operator == Operator.CONDITIONAL) {
      return evaluate(call.args().get(truth(call.args().get(0), "_?_:_") ? 1 : 2));
    }
    if (operator == Operator.NOT_STRICTLY_FALSE) {
      return new PropertyValue.Flag(notFalse(call.args().get(0)));
    }
    List<PropertyValue> arguments = new ArrayList<>();
    call.target().ifPresent(target -> arguments.add(evaluate(target)));
    call.args().forEach(argument -> arguments.add(evaluate(argument)));
    return functions.call(call.function(), arguments);
  }

  /** Both sides count alike: one that decides gets over an error of the other. */
  private PropertyValue logical(CelCall call, boolean decides) {
    EvaluationException error = null;
    boolean both = true;
    for (CelExpr side : call.args()) {
      try {
        PropertyValue value = evaluate(side);
        if (!(value instanceof PropertyValue.Flag flag)) {
          both = false;
        } else if (flag.value() == decides) {
          return value;
        }
      } catch (EvaluationException e) {
        error = error == null ? e : error;
      }
    }
    if (error != null) {
      throw error;
    }
    if (!both) {
      throw EvaluationException.noOverload(call.function());
    }
    return new PropertyValue.Flag(!decides);
  }

  private boolean truth(CelExpr condition, String function) {
    if (evaluate(condition) instanceof PropertyValue.Flag flag) {
      return flag.value();
    }
    throw EvaluationException.noOverload(function);
  }

  private boolean notFalse(CelExpr condition) {
    try {
      return !(evaluate(condition) instanceof PropertyValue.Flag flag) || flag.value();
    } catch (EvaluationException e) {
      return true;
    }
  }

  private PropertyValue list(List<CelExpr> elements) {
    List<PropertyValue> values = new ArrayList<>();
    elements.forEach(element -> values.add(evaluate(element)));
    return new PropertyValue.Elements(values);
  }

  private PropertyValue map(CelMap map) {
    Map<PropertyValue, PropertyValue> values = new LinkedHashMap<>();
    for (CelMap.Entry entry : map.entries()) {
      PropertyValue key = evaluate(entry.key());
      if (!Containers.isKey(key)) {
        throw new EvaluationException("Invalid map key type: '" + Types.of(key) + "'");
      }
      if (values.putIfAbsent(key, evaluate(entry.value())) != null) {
        throw new EvaluationException("duplicate key in map");
      }
    }
    return new PropertyValue.Entries(values);
  }

  private PropertyValue loop(CelComprehension loop) {
    Variable before = variables;
    try {
      Iterable<PropertyValue> range = containers.range(evaluate(loop.iterRange()));
      Variable result = new Variable(loop.accuVar(), before);
      boolean grows = loop.accuInit().getKind() == CelExpr.ExprKind.Kind.LIST;
      if (!grows) {
        hold(result, loop.accuInit());
      }
      Variable item = new Variable(loop.iterVar(), result);
      variables = item;
      for (PropertyValue value : range) {
        work.round();
        item.value = value;
        if (!truth(loop.loopCondition(), "comprehension")) {
          break;
        }
        if (grows) {
          grow(result, loop.loopStep());
        } else {
          hold(result, loop.loopStep());
        }
      }
      variables = result;
      return evaluate(loop.result());
    } finally {
      variables = before;
    }
  }

  private void hold(Variable variable, CelExpr tree) {
    try {
      variable.value = evaluate(tree);
      variable.error = null;
    } catch (EvaluationException e) {
      variable.error = e;
    }
  }

  /**
   * A step of {@code map} or {@code filter}: {@code result + [element]}, or that on a condition,
   * without a copy of what nobody else can name. An error stays.
   */
  private void grow(Variable result, CelExpr step) {
    work.step();
    try {
      List<CelExpr> arguments = step.call().args();
      if (step.call().function().equals(Operator.CONDITIONAL.getFunction())) {
        if (truth(arguments.get(0), Operator.CONDITIONAL.getFunction())) {
          grow(result, arguments.get(1));
        }
        return;
      }
      result.elements.add(evaluate(arguments.get(1).list().elements().get(0)));
    } catch (EvaluationException e) {
      result.error = result.error == null ? e : result.error;
    }
  }
}
