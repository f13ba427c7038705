package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a request costs, counted in instructions, and what it leaves in memory. */
class HotPathTest {
  private static final String CONFIGURATION =
      """
      {"labels": {"user": "auth.identity.userid"},
       "metrics": {"calls": {"count": "authorized", "labels": ["user"]},
                   "total": {"count": "authorized"}},
       "budget": {"series": 20000}}
      """;

  private static final int USERS = 10_000;

  @Test
  void aRequestOfAKnownUserAllocatesNothing() {
    CountedModule module = new CountedModule(CONFIGURATION);
    for (int i = 0; i < 3; i++) {
      module.count("alice");
    }
    byte[] before = module.memory();

    for (int i = 0; i < 1000; i++) {
      module.count("alice");
    }

    byte[] after = module.memory();
    assertThat(after).hasSameSizeAs(before);
    int changed = 0;
    for (int i = 0; i < after.length; i++) {
      changed += after[i] == before[i] ? 0 : 1;
    }
    // An object has a header of 8 bytes, so one per request would be 8,000; these are numbers of
    // streams.
    assertThat(changed).isLessThan(100);
  }

  @Test
  void aKnownUserCostsTheSameHoweverManyThereAre() {
    CountedModule module = new CountedModule(CONFIGURATION);
    module.count("user-0");
    long alone = module.count("user-0");

    long longestFirst = 0;
    long sumOfFirsts = 0;
    for (int i = 1; i < USERS; i++) {
      long first = module.count("user-" + i);
      longestFirst = Math.max(longestFirst, first);
      sumOfFirsts += first;
    }
    long longest = 0;
    for (int i = 0; i < USERS; i++) {
      longest = Math.max(longest, module.count("user-" + i));
    }
    assertThat(module.metrics()).isGreaterThan(USERS);
    // A bucket has more than one entry here and there.
    assertThat(longest).isLessThan(alone * 2);
    // Nothing is moved or copied as a whole; what takes longest is a collection of garbage.
    assertThat(longestFirst).isLessThan(60 * sumOfFirsts / USERS);
  }
}
