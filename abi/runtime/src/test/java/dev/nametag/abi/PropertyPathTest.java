package dev.nametag.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PropertyPathTest {
  @Test
  void segmentsAreJoinedByNul() {
    PropertyPath path = PropertyPath.of("metadata", "größe");

    assertThat(path.bytes()).isEqualTo("metadata\0größe".getBytes(StandardCharsets.UTF_8));
    assertThat(path).hasToString("metadata.größe");
  }

  @Test
  void aSegmentWithNulIsRefusedSinceItWouldBeTwo() {
    assertThatThrownBy(() -> PropertyPath.of("request", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NUL in a path segment");
  }
}
