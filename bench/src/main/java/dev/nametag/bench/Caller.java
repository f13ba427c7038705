package dev.nametag.bench;

import dev.nametag.naming.LabelValue;
import java.util.List;

/** Who calls: from a value without any escape to one with more than fit the first stage. */
public enum Caller {
  /** Letters and digits only. */
  PLAIN("alice", "premium"),
  /** Two escapes. */
  EMAIL("alice@example.com", "team-a"),
  /** Ten escapes. */
  SPIFFE("spiffe://cluster.local/ns/llm-d/sa/app-7", "team-a");

  /** The namespace that every caller has. */
  static final String NAMESPACE = "llm-d";

  private final String user;
  private final String group;

  Caller(String user, String group) {
    this.user = user;
    this.group = group;
  }

  String user() {
    return user;
  }

  String group() {
    return group;
  }

  /** Returns user, group and namespace. */
  List<LabelValue> labelValues() {
    return List.of(LabelValue.of(user), LabelValue.of(group), LabelValue.of(NAMESPACE));
  }

  /** Returns the same for another user of the same form, told apart by a number. */
  List<LabelValue> labelValues(int number) {
    return List.of(LabelValue.of(number + user), LabelValue.of(group), LabelValue.of(NAMESPACE));
  }
}
