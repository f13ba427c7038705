package dev.nametag.relabel.engine;

import java.util.List;

/** How the fields of a rule are spelled. */
enum Spelling {
  /** Prometheus: {@code source_labels}. */
  SNAKE,
  /** The operator: {@code sourceLabels}. */
  CAMEL;

  private static final List<String> FIELDS =
      List.of(
          "source_labels",
          "separator",
          "regex",
          "modulus",
          "target_label",
          "replacement",
          "action");

  Spelling other() {
    return this == SNAKE ? CAMEL : SNAKE;
  }

  /** Returns a field as it is spelled here. */
  String of(String snake) {
    if (this == SNAKE) {
      return snake;
    }
    int underscore = snake.indexOf('_');
    return underscore < 0
        ? snake
        : snake.substring(0, underscore)
            + Character.toUpperCase(snake.charAt(underscore + 1))
            + snake.substring(underscore + 2);
  }

  /** Returns the field that is spelled so here, or the empty text. */
  String toSnake(String key) {
    return FIELDS.stream().filter(field -> of(field).equals(key)).findFirst().orElse("");
  }
}
