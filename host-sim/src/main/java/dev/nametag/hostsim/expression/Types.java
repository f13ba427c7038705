package dev.nametag.hostsim.expression;

import dev.nametag.hostsim.hostcall.PropertyValue;
import java.util.Optional;
import java.util.Set;

/** The names of types. Source: cel-cpp eval/public/cel_value.cc; the CEL specification, Values. */
final class Types {

  /** Names without dots are types; with the options that Envoy sets, others are not. */
  private static final Set<String> NAMES =
      Set.of(
          "bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint");

  private Types() {}

  /** The type of that name. */
  static Optional<PropertyValue> named(String name) {
    return NAMES.contains(name) ? Optional.of(new PropertyValue.Type(name)) : Optional.empty();
  }

  /** The name of the value's type; those of messages are not told apart. */
  static String of(PropertyValue value) {
    if (value instanceof PropertyValue.Text) {
      return "string";
    }
    if (value instanceof PropertyValue.Bytes) {
      return "bytes";
    }
    if (value instanceof PropertyValue.Int) {
      return "int";
    }
    if (value instanceof PropertyValue.Uint) {
      return "uint";
    }
    if (value instanceof PropertyValue.Num) {
      return "double";
    }
    if (value instanceof PropertyValue.Flag) {
      return "bool";
    }
    if (value instanceof PropertyValue.Timestamp) {
      return "google.protobuf.Timestamp";
    }
    if (value instanceof PropertyValue.Span) {
      return "google.protobuf.Duration";
    }
    if (value instanceof PropertyValue.Null) {
      return "null_type";
    }
    if (value instanceof PropertyValue.Type) {
      return "type";
    }
    if (value instanceof PropertyValue.Elements) {
      return "list";
    }
    return value instanceof PropertyValue.Message ? "message" : "map";
  }
}
