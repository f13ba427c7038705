package dev.nametag.plugin;

import dev.nametag.naming.Selector;
import java.util.ArrayList;
import java.util.List;

/** The path of a selector, and apart from it the index at its end. */
final class Steps {
  /** All steps but an index at the end. */
  final List<Selector.Step> path = new ArrayList<>();

  /** The index at the end, -1 if there is none. */
  final int index;

  Steps(Selector selector) {
    path.addAll(selector.path());
    int last = path.size() - 1;
    if (path.get(last) instanceof Selector.Index end) {
      index = end.index();
      path.remove(last);
    } else {
      index = -1;
    }
  }

  /** Returns what a path has behind so many steps. */
  List<Selector.Step> from(int step) {
    return path.subList(step, path.size());
  }

  /** Returns the path, with dots between its steps. */
  String dotted() {
    StringBuilder dotted = new StringBuilder();
    for (Selector.Step step : path) {
      dotted.append(dotted.length() == 0 ? "" : ".").append(text(step));
    }
    return dotted.toString();
  }

  /** Returns a step as hosts want it in a path. */
  static String text(Selector.Step step) {
    return step instanceof Selector.Key key
        ? key.name()
        : Integer.toString(((Selector.Index) step).index());
  }
}
