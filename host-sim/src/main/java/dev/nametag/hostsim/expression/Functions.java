package dev.nametag.hostsim.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.nametag.hostsim.hostcall.PropertyValue;
import java.time.DateTimeException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The functions that there are: all that cel-cpp has without options, among them loops, regular
 * expressions, the joining of strings and of lists, and conversions to string. (Envoy's own
 * conditions, such as those of RBAC, have fewer.) A call of any other, or with another number of
 * arguments, makes no expression; arguments of other types are an error of the evaluation.
 *
 * <p>Source: Envoy source/extensions/common/wasm/foreign.cc, getOrCreateContext; cel-cpp
 * runtime/runtime_options.h and runtime/standard; for what is refused before,
 * eval/compiler/flat_expr_builder.cc.
 */
final class Functions {

  /** By name and number of arguments; a point before those that stand behind a value. */
  private static final Set<String> KNOWN = new HashSet<>();

  static {
    known(2, "_+_", "_-_", "_*_", "_/_", "_%_", "_==_", "_!=_");
    known(2, "_<_", "_<=_", "_>_", "_>=_", "@in", "_[_]", "_&&_", "_||_");
    known(1, "-_", "!_", "@not_strictly_false");
    known(3, "_?_:_");
    known(1, "size", "type", "dyn", "bool", "int", "uint", "double", "string", "bytes");
    known(1, "timestamp", "duration");
    known(1, ".contains", ".startsWith", ".endsWith", ".matches");
    known(2, "contains", "startsWith", "endsWith", "matches");
    known(0, ".size");
    for (int arguments = 0; arguments < 2; arguments++) {
      known(arguments, ".getFullYear", ".getMonth", ".getDate", ".getDayOfMonth");
      known(arguments, ".getDayOfYear", ".getDayOfWeek", ".getHours", ".getMinutes");
      known(arguments, ".getSeconds", ".getMilliseconds");
    }
  }

  private final Work work;
  private final Equality equality;
  private final Containers containers;
  private final Arithmetic arithmetic;
  private final Strings strings;

  Functions(Work work) {
    this.work = work;
    this.equality = new Equality(work);
    this.containers = new Containers(work);
    this.arithmetic = new Arithmetic(work);
    this.strings = new Strings(work);
  }

  private static void known(int arguments, String... names) {
    for (String name : names) {
      KNOWN.add(name + "/" + arguments);
    }
  }

  /** Whether all that the tree calls is there; messages of protobuf, which Envoy makes, are not. */
  static boolean areThereFor(CelExpr tree) {
    return switch (tree.getKind()) {
      case CONSTANT, IDENT -> true;
      case SELECT -> areThereFor(tree.select().operand());
      case CALL -> isKnown(tree.call()) && allThere(tree.call());
      case LIST -> tree.list().elements().stream().allMatch(Functions::areThereFor);
      case MAP ->
          tree.map().entries().stream()
              .allMatch(entry -> areThereFor(entry.key()) && areThereFor(entry.value()));
      case COMPREHENSION ->
          Stream.of(
                  tree.comprehension().iterRange(),
                  tree.comprehension().accuInit(),
                  tree.comprehension().loopCondition(),
                  tree.comprehension().loopStep(),
                  tree.comprehension().result())
              .allMatch(Functions::areThereFor);
      case STRUCT, NOT_SET -> false;
    };
  }

  private static boolean isKnown(CelCall call) {
    String point = call.target().isPresent() ? "." : "";
    return KNOWN.contains(point + call.function() + "/" + call.args().size());
  }

  private static boolean allThere(CelCall call) {
    return Stream.concat(call.target().stream(), call.args().stream())
        .allMatch(Functions::areThereFor);
  }

  /**
   * What a function makes of its arguments, the value before the point being the first.
   *
   * @throws EvaluationException for an error, also for time that Java has no room for
   */
  PropertyValue call(String name, List<PropertyValue> arguments) {
    try {
      return result(name, arguments);
    } catch (ArithmeticException | DateTimeException e) {
      throw new EvaluationException("out of range: " + e.getMessage());
    }
  }

  private PropertyValue result(String name, List<PropertyValue> arguments) {
    PropertyValue first = arguments.get(0);
    if (arguments.size() == 1) {
      return ofOne(name, first);
    }
    PropertyValue second = arguments.get(1);
    return switch (name) {
      case "_==_" -> flag(equality.equal(first, second));
      case "_!=_" -> flag(!equality.equal(first, second));
      case "_<_" -> flag(compare(name, first, second).orElse(0) < 0);
      case "_>_" -> flag(compare(name, first, second).orElse(0) > 0);
      case "_<=_" -> flag(compare(name, first, second).orElse(1) <= 0);
      case "_>=_" -> flag(compare(name, first, second).orElse(-1) >= 0);
      case "@in" -> flag(containers.contains(second, first));
      case "_[_]" -> containers.at(first, second);
      case "_+_" -> arithmetic.add(first, second);
      case "_-_" -> Arithmetic.subtract(first, second);
      case "_*_", "_/_", "_%_" -> Arithmetic.multiplyOrDivide(name, first, second);
      case "contains", "startsWith", "endsWith", "matches" ->
          flag(strings.test(name, first, second));
      default -> Times.part(name, first, second);
    };
  }

  private PropertyValue ofOne(String name, PropertyValue value) {
    return switch (name) {
      case "!_" -> {
        if (value instanceof PropertyValue.Flag flag) {
          yield flag(!flag.value());
        }
        throw EvaluationException.noOverload(name);
      }
      case "-_" -> Arithmetic.negate(value);
      case "size" -> new PropertyValue.Int(size(value));
      case "type" -> new PropertyValue.Type(Types.of(value));
      case "dyn" -> value;
      case "bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration" -> {
        work.bytes(Strings.length(value));
        yield Conversions.to(name, value);
      }
      default -> Times.part(name, value, PropertyValue.text(""));
    };
  }

  private OptionalInt compare(String name, PropertyValue first, PropertyValue second) {
    return equality.compare(name, first, second);
  }

  private long size(PropertyValue value) {
    if (value instanceof PropertyValue.Text text) {
      work.bytes(text.bytes().size());
      return Strings.characters(text.bytes());
    }
    if (value instanceof PropertyValue.Bytes bytes) {
      return bytes.bytes().size();
    }
    if (value instanceof PropertyValue.Elements || Containers.isMap(value)) {
      return containers.size(value);
    }
    throw EvaluationException.noOverload("size");
  }

  private static PropertyValue flag(boolean value) {
    return new PropertyValue.Flag(value);
  }
}
