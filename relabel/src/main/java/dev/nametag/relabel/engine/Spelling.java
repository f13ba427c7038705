package dev.nametag.relabel.engine;

import dev.nametag.relabel.yaml.YamlList;
import dev.nametag.relabel.yaml.YamlMap;
import dev.nametag.relabel.yaml.YamlNode;
import java.util.List;
import java.util.Set;

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

  /** A list says by its keys who spelled it: most of those that tell decide, else Prometheus. */
  static Spelling of(YamlList list) {
    int camel = 0;
    int snake = 0;
    for (YamlNode item : list.items()) {
      for (String key : item instanceof YamlMap map ? map.entries().keySet() : Set.<String>of()) {
        camel += key.equals("sourceLabels") || key.equals("targetLabel") ? 1 : 0;
        snake += key.equals("source_labels") || key.equals("target_label") ? 1 : 0;
      }
    }
    return camel > snake ? CAMEL : SNAKE;
  }

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
