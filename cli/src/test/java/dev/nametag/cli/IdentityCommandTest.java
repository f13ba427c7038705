package dev.nametag.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.naming.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityCommandTest {
  private static final String KEY = "a secret of more than 16 bytes";

  @TempDir private Path folder;
  private String key;
  private String names;

  @BeforeEach
  void writeFiles() throws IOException {
    key = Files.writeString(folder.resolve("key"), KEY).toString();
    names =
        Files.writeString(folder.resolve("names"), "bob\nalice@example.com\n\nünï\n").toString();
  }

  @Test
  void whoHasTheKeyFindsThePerson() throws Exception {
    Run run =
        Run.of(
            "identity", "--key-file", key, "--names", names, "--find", hmac("alice@example.com"));

    assertThat(run).isEqualTo(new Run(0, hmac("alice@example.com") + "  alice@example.com\n", ""));
  }

  @Test
  void aPseudonymOfNobodyIsSaidAndEndsInOne() throws Exception {
    String of = hmac("somebody else");

    Run run = Run.of("identity", "--key-file", key, "--names", names, "--find", of);

    assertThat(run).isEqualTo(new Run(1, "", of + ": not the pseudonym of any of 3 names\n"));
  }

  @Test
  void namesOnTheCommandLineGetTheirs() throws Exception {
    Run run = Run.of("identity", "--key-file", key, "--json", "ünï");

    assertThat(run.status()).isZero();
    assertThat(JsonReader.read(run.out()))
        .isEqualTo(List.of(Map.of("name", "ünï", "pseudonym", hmac("ünï"))));
  }

  @Test
  void whatCanBeGuessedIsNoKey() throws IOException {
    Path shortKey = Files.writeString(folder.resolve("short"), "secret");

    assertThat(Run.of("identity", "--key-file", shortKey.toString(), "bob"))
        .isEqualTo(new Run(1, "", shortKey + ": a key has at least 16 bytes, not 6\n"));
  }

  @Test
  void withoutNamesOrKeyTheUsageIsShown() {
    assertThat(Run.of("identity", "--key-file", key).status()).isEqualTo(2);
    assertThat(Run.of("identity", "bob").err())
        .startsWith("no key: set NAMETAG_PSEUDONYM_KEY or use --key-file\n");
  }

  private static String hmac(String name) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }
}
