package dev.nametag.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.nametag.abi.memory.Blocks;
import dev.nametag.abi.memory.Memory;
import dev.nametag.abi.memory.Region;
import dev.nametag.naming.Selector;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes come from protobuf itself. */
class StructReaderTest {
  private static final Struct AUTH =
      Structs.of(
          Map.of(
              "identity",
              Map.of(
                  "userid",
                  "alice@example.com",
                  "empty",
                  "",
                  "level",
                  3,
                  "share",
                  0.25,
                  "big",
                  1e21,
                  "admin",
                  true,
                  "guest",
                  false,
                  "groups",
                  List.of("premium", "a,b", 7, true),
                  "nested",
                  List.of(List.of("x"), Map.of("k", "v")),
                  "a.b",
                  "dotted"),
              "metadata",
              Map.of()));

  private final Region region = new Region();
  private final Decimals decimals = new Decimals(region, new ShortestDigits(region));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "identity/userid | alice@example.com",
        "identity/empty | ''",
        "identity/level | 3",
        "identity/share | 0.25",
        "identity/big | 1e+21",
        "identity/admin | true",
        "identity/guest | false",
        "identity/groups/0 | premium",
        "identity/groups/1 | a,b",
        "identity/groups/2 | 7",
        "identity/groups/3 | true",
        "identity/nested/0/0 | x",
        "identity/nested/1/k | v",
        "identity/a.b | dotted",
        "identity/groups/4 |",
        "identity/groups/premium |",
        "identity/0 |",
        "identity/nobody |",
        "identity/userid/x |",
        "identity/groups |",
        "identity |",
        "metadata/x |",
        "nothing/x |",
      })
  void aPathLeadsToAText(String path, String text) {
    assertThat(read(AUTH.toByteArray(), path)).isEqualTo(text);
  }

  @Test
  void nullIsNoValue() {
    List<Object> withNull = new ArrayList<>(Arrays.asList("a", null, "c"));

    byte[] bytes = Structs.of(Map.of("l", withNull)).toByteArray();

    assertThat(read(bytes, "l/1")).isNull();
    assertThat(read(bytes, "l/2")).isEqualTo("c");
  }

  @Test
  void ofAKeyThatOccursTwiceTheLastCounts() throws InvalidProtocolBufferException {
    byte[] twice =
        concat(
            Structs.of(Map.of("k", "first")).toByteArray(),
            Structs.of(Map.of("k", 2)).toByteArray(),
            Structs.of(Map.of("k", "last")).toByteArray());

    assertThat(read(twice, "k")).isEqualTo("last");
    assertThat(Struct.parseFrom(twice).getFieldsOrThrow("k").getStringValue()).isEqualTo("last");
  }

  @Test
  void everyCutIsNoValueOrTheSameAsProtobufReads() {
    byte[] bytes = Structs.of(Map.of("k", List.of("a", "b"), "u", "alice")).toByteArray();
    for (int size = 0; size < bytes.length; size++) {
      byte[] cut = Arrays.copyOf(bytes, size);

      assertThat(read(cut, "u")).isEqualTo(expected(cut, "u"));
    }
  }

  /** The window lies at the end of a block: what is behind it must not matter. */
  @Test
  void noBytesMakeItReadOutside() {
    Random random = new Random(3);
    byte[] bytes = Structs.of(Map.of("k", List.of("a", 1.5), "u", "alice")).toByteArray();
    int sameAsProtobuf = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] mutated = bytes.clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        mutated[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      String one = read(mutated, "u", (byte) 0);
      assertThat(read(mutated, "u", (byte) 0xff)).isEqualTo(one);
      if (one != null) {
        assertThat(one.length()).isLessThan(bytes.length);
      }
      sameAsProtobuf += Objects.equals(one, expected(mutated, "u")) ? 1 : 0;
    }
    // Protobuf also refuses what lies beside the path and text that is no UTF-8.
    assertThat(sameAsProtobuf).isGreaterThan(25_000);
  }

  private static String expected(byte[] bytes, String key) {
    try {
      Value value = Struct.parseFrom(bytes).getFieldsOrDefault(key, Value.getDefaultInstance());
      return value.hasStringValue() ? value.getStringValue() : null;
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private String read(byte[] bytes, String path) {
    return read(bytes, path, (byte) 0x0a);
  }

  private String read(byte[] bytes, String path, byte behind) {
    List<Selector.Step> steps = new ArrayList<>();
    for (String step : path.split("/", -1)) {
      steps.add(
          Character.isDigit(step.charAt(0))
              ? new Selector.Index(Integer.parseInt(step))
              : new Selector.Key(step));
    }
    StructReader reader = new StructReader(region, false, steps);
    Window value = new Window();
    value.address = region.allocate(bytes.length + 16);
    value.size = bytes.length;
    Memory.copyIn(bytes, 0, bytes.length, value.address);
    for (int i = 0; i < 16; i++) {
      Memory.putByte(value.address + bytes.length + i, behind);
    }
    return StructReader.toText(reader.find(value), value, decimals)
        ? new String(Blocks.toArray(value.address, value.size), StandardCharsets.UTF_8)
        : null;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
