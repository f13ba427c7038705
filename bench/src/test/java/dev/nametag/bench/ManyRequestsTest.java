package dev.nametag.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** That it notices what it is for; without a clock. */
class ManyRequestsTest {

  @Test
  void aCountIsRightOrWrong() throws Exception {
    ManyRequests.Run run = new ManyRequests.Run("small", ManyRequests.small(), "", 1000, 2);

    assertThat(run.isGood(Map.of("small_requests", 1000L))).isTrue();
    assertThat(run.isGood(Map.of("small_requests", 999L))).isFalse();
    assertThat(run.isGood(Map.of("none", 0L))).isFalse();
  }
}
