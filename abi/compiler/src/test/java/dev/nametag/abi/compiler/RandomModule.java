package dev.nametag.abi.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A module in WebAssembly's text format whose functions call each other at random: loads, stores,
 * globals, loops, blocks with results, tables of branches, early returns, all types, calls of the
 * host and through the table, recursion. Every function returns: loops have counters of their own,
 * and calls use up a global.
 */
final class RandomModule {
  private static final String[] TYPES = {"i32", "i64", "f32", "f64"};
  static final int FUNCTIONS = 9;
  private static final int LEAVES = 4;
  private static final int MAX_DEPTH = 4;

  private final Random random;
  private final List<Function> functions = new ArrayList<>();
  // Of the function that is being written.
  private Function current;
  private List<String> locals;
  private int counters;
  private int labels;

  RandomModule(long seed) {
    random = new Random(seed);
    for (int i = 0; i < FUNCTIONS; i++) {
      functions.add(
          new Function(i, types(random.nextInt(5)), random.nextInt(6) == 0 ? null : type()));
    }
  }

  /**
   * A function {@code $fN}, exported as {@code fN}.
   *
   * @param parameters their types
   * @param result its type, null if there is none
   */
  record Function(int number, List<String> parameters, String result) {
    String signature() {
      return (parameters.isEmpty() ? "" : "(param " + String.join(" ", parameters) + ")")
          + (result == null ? "" : "(result " + result + ")");
    }
  }

  List<Function> functions() {
    return functions;
  }

  String text() {
    StringBuilder text = new StringBuilder("(module\n");
    text.append("(import \"env\" \"host\" (func $host (param i32 i64) (result i32)))\n");
    text.append("(memory (export \"memory\") 1)\n");
    text.append("(table ").append(FUNCTIONS).append(" funcref)\n(elem (i32.const 0)");
    functions.forEach(each -> text.append(" $f").append(each.number));
    text.append(")\n(global $fuel (mut i32) (i32.const 0))\n");
    text.append("(global $state (mut i64) (i64.const 7))\n");
    for (Function each : functions) {
      text.append("(type $t").append(each.number).append(" (func ").append(each.signature());
      text.append("))\n");
    }
    functions.forEach(each -> text.append(function(each)));
    text.append("(func (export \"start\") (global.set $fuel (i32.const 60)))\n");
    text.append("(func (export \"state\") (result i64) (global.get $state)))\n");
    return text.toString();
  }

  private String function(Function function) {
    current = function;
    locals = new ArrayList<>(function.parameters);
    locals.addAll(types(random.nextInt(4) == 0 ? 40 : random.nextInt(6)));
    counters = 0;
    String body = function.number < LEAVES ? leaf() : body();
    StringBuilder text = new StringBuilder("(func $f" + function.number);
    text.append(" (export \"f").append(function.number).append("\") ");
    text.append(function.signature());
    for (String local : locals.subList(function.parameters.size(), locals.size())) {
      text.append(" (local ").append(local).append(')');
    }
    for (int i = 0; i < counters; i++) {
      text.append(" (local $c").append(i).append(" i32)");
    }
    return text.append('\n').append(body).append(")\n").toString();
  }

  /**
   * Mostly such as is put in the place of calls everywhere: its parameters in order, then little.
   */
  private String leaf() {
    boolean sameType = current.parameters.stream().distinct().count() == 1;
    if (sameType
        && current.parameters.size() == 2
        && current.parameters.get(0).equals(current.result)) {
      return "(" + current.result + ".add (local.get 0) (local.get 1))";
    }
    if (random.nextBoolean()) {
      return random.nextBoolean() && current.result != null
          ? constant(current.result)
          : statement(3) + end();
    }
    // It tells whether a local is 0 each time.
    String own = "$c" + counters++;
    return "(global.set $state (i64.add (global.get $state) (i64.extend_i32_s (local.get "
        + own
        + "))))"
        + ("(local.set " + own + " (i32.const " + random.nextInt(99) + "))")
        + end();
  }

  private String body() {
    StringBuilder body = new StringBuilder();
    body.append("(if (i32.le_s (global.get $fuel) (i32.const 0)) (then ");
    body.append(current.result == null ? "(return)" : "(return " + constant(current.result) + ")");
    body.append("))\n(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))\n");
    int statements = 1 + random.nextInt(6);
    for (int i = 0; i < statements; i++) {
      body.append(statement(0)).append('\n');
    }
    return body + end();
  }

  private String end() {
    return current.result == null ? "" : expression(current.result, 1);
  }

  private String statement(int depth) {
    int kind = random.nextInt(depth >= MAX_DEPTH ? 4 : 11);
    switch (kind) {
      case 0, 1 -> {
        if (locals.isEmpty()) {
          return "(nop)";
        }
        int local = random.nextInt(locals.size());
        return "(local.set " + local + " " + expression(locals.get(local), depth + 1) + ")";
      }
      case 2 -> {
        String type = type();
        return "(" + type + ".store " + address(depth) + " " + expression(type, depth + 1) + ")";
      }
      case 3 -> {
        return "(global.set $state (i64.add (global.get $state) "
            + expression("i64", depth + 1)
            + "))";
      }
      case 4 -> {
        String otherwise = random.nextBoolean() ? "(else " + statement(depth + 1) + ")" : "";
        return "(if " + condition(depth) + " (then " + statement(depth + 1) + ")" + otherwise + ")";
      }
      case 5 -> {
        String counter = "$c" + counters++;
        String label = "$l" + labels++;
        Function leaf = functions.get(random.nextInt(LEAVES));
        String call = call(leaf, depth);
        boolean drops = leaf.result != null && !call.equals("(nop)");
        return String.format(
            "(local.set %1$s (i32.const %2$d)) (loop %3$s %4$s %5$s (br_if %3$s (i32.gt_s"
                + " (local.tee %1$s (i32.sub (local.get %1$s) (i32.const 1))) (i32.const 0))))",
            counter,
            1 + random.nextInt(3),
            label,
            statement(depth + 1),
            drops ? "(drop " + call + ")" : call);
      }
      case 6 -> {
        String label = "$l" + labels++;
        return String.format(
            "(block %1$s %2$s (br_if %1$s %3$s) %4$s)",
            label, statement(depth + 1), condition(depth), statement(depth + 1));
      }
      case 7 -> {
        String outer = "$l" + labels++;
        String middle = "$l" + labels++;
        String inner = "$l" + labels++;
        return String.format(
            "(block %1$s (block %2$s (block %3$s (br_table %1$s %3$s %2$s %3$s %4$s)) %5$s) %6$s)",
            outer,
            middle,
            inner,
            expression("i32", depth + 1),
            statement(depth + 1),
            statement(depth + 1));
      }
      case 8 -> {
        String result = current.result == null ? "" : expression(current.result, depth + 1);
        return "(if " + condition(depth) + " (then (return " + result + ")))";
      }
      default -> {
        Function called = functions.get(random.nextInt(FUNCTIONS));
        String call = call(called, depth);
        return called.result == null ? call : "(drop " + call + ")";
      }
    }
  }

  private String expression(String type, int depth) {
    if (depth >= MAX_DEPTH || random.nextInt(5) == 0) {
      List<Integer> fitting = new ArrayList<>();
      for (int i = 0; i < locals.size(); i++) {
        if (locals.get(i).equals(type)) {
          fitting.add(i);
        }
      }
      return fitting.isEmpty() || random.nextInt(3) == 0
          ? constant(type)
          : "(local.get " + fitting.get(random.nextInt(fitting.size())) + ")";
    }
    int next = depth + 1;
    switch (random.nextInt(9)) {
      case 0 -> {
        return "(" + type + ".load " + address(next) + ")";
      }
      case 1 -> {
        String label = "$l" + labels++;
        return String.format(
            "(block %1$s (result %2$s) %3$s (drop (br_if %1$s %4$s %5$s)) %6$s)",
            label,
            type,
            statement(next),
            expression(type, next),
            condition(next),
            expression(type, next));
      }
      case 2 -> {
        return String.format(
            "(if (result %s) %s (then %s) (else %s))",
            type, condition(next), expression(type, next), expression(type, next));
      }
      case 3 -> {
        return String.format(
            "(select %s %s %s)", expression(type, next), expression(type, next), condition(next));
      }
      case 4, 5 -> {
        List<Function> fitting = functions.stream().filter(f -> type.equals(f.result)).toList();
        return fitting.isEmpty()
            ? constant(type)
            : call(fitting.get(random.nextInt(fitting.size())), next);
      }
      case 6 -> {
        return switch (type) {
          case "i32" ->
              "(call $host " + expression("i32", next) + " " + expression("i64", next) + ")";
          case "i64" -> "(i64.extend_i32_s " + expression("i32", next) + ")";
          case "f32" -> "(f32.convert_i32_s " + expression("i32", next) + ")";
          default -> "(f64.convert_i64_s " + expression("i64", next) + ")";
        };
      }
      default -> {
        String[] operations = {"add", "sub", "mul"};
        return String.format(
            "(%s.%s %s %s)",
            type,
            operations[random.nextInt(operations.length)],
            expression(type, next),
            expression(type, next));
      }
    }
  }

  /** A leaf has no share in the fuel, so it calls none but leaves before it. */
  private String call(Function wanted, int depth) {
    Function called = wanted;
    if (current.number < LEAVES && wanted.number >= current.number) {
      return called.result == null ? "(nop)" : constant(called.result);
    }
    StringBuilder call = new StringBuilder();
    boolean indirect = random.nextInt(4) == 0;
    call.append(indirect ? "(call_indirect (type $t" + called.number + ")" : "(call $f");
    call.append(indirect ? "" : called.number);
    for (String parameter : called.parameters) {
      call.append(' ').append(expression(parameter, depth + 1));
    }
    call.append(indirect ? " (i32.const " + called.number + ")" : "");
    return call.append(')').toString();
  }

  private String condition(int depth) {
    String test = random.nextBoolean() ? "i32.lt_s" : "i32.ne";
    String condition =
        "(" + test + " " + expression("i32", depth + 1) + " " + expression("i32", depth + 1) + ")";
    return random.nextInt(3) == 0 ? "(i32.eqz " + condition + ")" : condition;
  }

  private String address(int depth) {
    return "(i32.and " + expression("i32", depth + 1) + " (i32.const 0xff8))";
  }

  private String constant(String type) {
    int value = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(9) - 2;
    return "(" + type + ".const " + value + ")";
  }

  private String type() {
    return TYPES[random.nextInt(TYPES.length)];
  }

  private List<String> types(int count) {
    List<String> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(type());
    }
    return types;
  }
}
