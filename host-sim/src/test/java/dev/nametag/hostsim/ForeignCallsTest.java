package dev.nametag.hostsim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import org.junit.jupiter.api.Test;

/** Expected results: Envoy source/extensions/common/wasm/foreign.cc. */
class ForeignCallsTest {

  private static long gauge(SimulatedEnvoy envoy, String name) {
    return envoy.stats().gauge("wasmcustom." + name).orElse(-1);
  }

  private static SimulatedEnvoy run(String code) {
    SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(Wat.guest("(func (export \"proxy_on_log\") (param i32)\n" + code + ")"))
            .start();
    envoy.run(StreamScenario.builder().build());
    return envoy;
  }

  @Test
  void uncompressingUndoesCompressing() {
    try (SimulatedEnvoy envoy =
        run(
            """
            (call $report «compress» (call $proxy_call_foreign_function «compress»
              «aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa» (i32.const 16) (i32.const 20)))
            (call $report «size» (i32.load (i32.const 20)))
            (call $report «uncompress» (call $proxy_call_foreign_function «uncompress»
              (i32.load (i32.const 16)) (i32.load (i32.const 20)) (i32.const 16) (i32.const 20)))
            (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
              (i32.load (i32.const 20))))
            (call $report «garbage» (call $proxy_call_foreign_function «uncompress» «garbage»
              (i32.const 0) (i32.const 0)))
            (call $report «unknown» (call $proxy_call_foreign_function «expr_unknown» «1»
              (i32.const 16) (i32.const 20)))
            """)) {
      assertThat(gauge(envoy, "compress")).isZero();
      assertThat(gauge(envoy, "size")).isBetween(8L, 20L);
      assertThat(Guests.logged(envoy)).containsExactly("a".repeat(52));
      assertThat(gauge(envoy, "garbage")).isEqualTo(3);
      assertThat(gauge(envoy, "unknown")).isEqualTo(1);
    }
  }

  @Test
  void aSignatureIsVerified() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair keys = generator.generateKeyPair();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update("text".getBytes(UTF_8));
    String right = arguments(keys.getPublic().getEncoded(), signature.sign(), "text");
    String wrong = arguments(keys.getPublic().getEncoded(), new byte[128], "text");
    String call =
        """
        (call $report «%s» (call $proxy_call_foreign_function «verify_signature» «%s»
          (i32.const 16) (i32.const 20)))
        (call $report «%s field» (i32.load16_u (i32.load (i32.const 16))))
        """;
    try (SimulatedEnvoy envoy =
        run(call.formatted("right", right, "right") + call.formatted("wrong", wrong, "wrong"))) {
      assertThat(gauge(envoy, "right")).isZero();
      // Field 1, a number: 1.
      assertThat(gauge(envoy, "right field")).isEqualTo(0x0108);
      assertThat(gauge(envoy, "wrong")).isZero();
      // Field 2, a text, with its size.
      assertThat(gauge(envoy, "wrong field") & 0xff).isEqualTo(0x12);
    }
  }

  private static String arguments(byte[] key, byte[] signature, String text) {
    return "\\0a\\06sha256" + field(0x12, key) + field(0x1a, signature) + "\\22\\04" + text;
  }

  private static String field(int tag, byte[] bytes) {
    StringBuilder out = new StringBuilder();
    out.append(String.format("\\%02x", tag));
    int size = bytes.length;
    out.append(String.format("\\%02x\\%02x", (size & 0x7f) | 0x80, size >> 7));
    for (byte b : bytes) {
      out.append(String.format("\\%02x", b));
    }
    return out.toString();
  }

  @Test
  void filterStateOfEnvoysOwnKeysCanBeSet() {
    String path = "\\0a\\17envoy.tcp_proxy.cluster\\12\\03abc";
    try (SimulatedEnvoy envoy =
        run(
            """
            (call $report «set» (call $proxy_call_foreign_function «set_envoy_filter_state» «%s»
              (i32.const 0) (i32.const 0)))
            (call $report «get» (call $proxy_get_property
              «filter_state\\00envoy.tcp_proxy.cluster» (i32.const 16) (i32.const 20)))
            (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 16))
              (i32.load (i32.const 20))))
            (call $report «other» (call $proxy_call_foreign_function «set_envoy_filter_state»
              «\\0a\\01x» (i32.const 0) (i32.const 0)))
            (call $report «none» (call $proxy_call_foreign_function «set_envoy_filter_state»
              «\\0a\\40x» (i32.const 0) (i32.const 0)))
            """
                .formatted(path))) {
      assertThat(gauge(envoy, "set")).isZero();
      assertThat(Guests.logged(envoy)).containsExactly("abc");
      assertThat(gauge(envoy, "other")).isEqualTo(1);
      assertThat(gauge(envoy, "none")).isEqualTo(2);
    }
  }

  private static SimulatedEnvoy declaring(String callback) {
    SimulatedEnvoy envoy =
        SimulatedEnvoy.builder()
            .module(
                Wat.guest(
                    """
                    (func $declare
                      (call $report «declare» (call $proxy_call_foreign_function
                        «declare_property» «\\0a\\01p\\10\\01» (i32.const 0) (i32.const 0)))
                      (call $report «again» (call $proxy_call_foreign_function
                        «declare_property» «\\0a\\01p» (i32.const 0) (i32.const 0))))
                    (func (export "%s") (param i32 i32) (result i32)
                      (call $declare)
                      (i32.const 1))
                    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                      %s
                      (call $report «first» (call $proxy_set_property «p» «v»))
                      (call $report «second» (call $proxy_set_property «p» «w»))
                      (i32.const 0))
                    """
                        .formatted(
                            callback.isEmpty() ? "none" : callback,
                            callback.isEmpty() ? "(call $declare)" : "")))
            .start();
    envoy.run(StreamScenario.builder().build());
    return envoy;
  }

  @Test
  void aPropertyDeclaredReadOnlyIsSetOnce() {
    try (SimulatedEnvoy envoy = declaring("proxy_on_configure")) {
      assertThat(gauge(envoy, "declare")).isZero();
      assertThat(gauge(envoy, "again")).isEqualTo(2);
      assertThat(gauge(envoy, "first")).isZero();
      assertThat(gauge(envoy, "second")).isEqualTo(2);
    }
  }

  /** Envoy context.cc, setProperty: only the root context's declarations are looked at. */
  @Test
  void whatAStreamDeclaresIsOfNoUse() {
    try (SimulatedEnvoy envoy = declaring("")) {
      assertThat(gauge(envoy, "declare")).isZero();
      assertThat(gauge(envoy, "again")).isEqualTo(2);
      assertThat(gauge(envoy, "second")).isZero();
    }
  }
}
