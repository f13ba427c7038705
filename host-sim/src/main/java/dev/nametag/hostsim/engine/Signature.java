package dev.nametag.hostsim.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The parameters and results of a function. */
public record Signature(List<ValueType> parameters, List<ValueType> results) {

  public Signature {
    parameters = List.copyOf(parameters);
    results = List.copyOf(results);
  }

  /**
   * Reads the form that {@link #toString} writes, such as {@code i32 i64 -> i32} or {@code void ->
   * void}.
   */
  public static Signature parse(String text) {
    int arrow = text.indexOf(" -> ");
    if (arrow < 0) {
      throw new IllegalArgumentException("no arrow in signature: " + text);
    }
    return new Signature(types(text.substring(0, arrow)), types(text.substring(arrow + 4)));
  }

  /** The form that proxy-wasm-cpp-host uses in its messages: {@code i32 i32 -> i32}. */
  @Override
  public String toString() {
    return text(parameters) + " -> " + text(results);
  }

  private static String text(List<ValueType> types) {
    return types.isEmpty()
        ? "void"
        : types.stream().map(ValueType::toString).collect(Collectors.joining(" "));
  }

  private static List<ValueType> types(String text) {
    List<ValueType> types = new ArrayList<>();
    if (!text.equals("void")) {
      for (String name : List.of(text.split(" ", -1))) {
        types.add(ValueType.valueOf(name.toUpperCase(Locale.ROOT)));
      }
    }
    return types;
  }
}
