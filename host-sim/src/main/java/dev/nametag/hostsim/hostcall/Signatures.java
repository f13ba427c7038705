package dev.nametag.hostsim.hostcall;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.nametag.hostsim.bytes.ByteString;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Envoy's foreign functions {@code verify_signature} and {@code sign}, for keys of RSA and of
 * elliptic curves.
 *
 * <p>Source: Envoy source/extensions/common/wasm/foreign.cc, ext/verify_signature.proto and
 * ext/sign.proto. The words in {@code error} are derived, not Envoy's.
 */
final class Signatures {

  private static final Set<String> HASHES = Set.of("sha1", "sha224", "sha256", "sha384", "sha512");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC");

  private Signatures() {}

  /** A serialised result; empty when the arguments are no message or have no usable key. */
  static Optional<ByteString> verify(ByteString arguments) {
    return ProtoFields.parse(arguments).flatMap(Signatures::verify);
  }

  private static Optional<ByteString> verify(ProtoFields arguments) {
    Optional<byte[]> der = key(arguments.bytes(2), arguments.bytes(5));
    Optional<PublicKey> key = der.flatMap(Signatures::publicKey);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    String error = "";
    try {
      Signature signature = algorithm(arguments.bytes(1), key.get().getAlgorithm());
      signature.initVerify(key.get());
      signature.update(arguments.bytes(4).toByteArray());
      if (!signature.verify(arguments.bytes(3).toByteArray())) {
        error = "Failed to verify digital signature.";
      }
    } catch (GeneralSecurityException e) {
      error = "Failed to verify digital signature: " + e.getMessage();
    }
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    ProtoFields.write(result, 1, error.isEmpty());
    ProtoFields.write(result, 2, ByteString.utf8(error));
    return Optional.of(ByteString.of(result.toByteArray()));
  }

  /** A serialised result; empty when the arguments are no message or have no usable key. */
  static Optional<ByteString> sign(ByteString arguments) {
    return ProtoFields.parse(arguments).flatMap(Signatures::sign);
  }

  private static Optional<ByteString> sign(ProtoFields arguments) {
    Optional<byte[]> der = key(arguments.bytes(2), arguments.bytes(4));
    Optional<PrivateKey> key = der.flatMap(Signatures::privateKey);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    try {
      Signature signature = algorithm(arguments.bytes(1), key.get().getAlgorithm());
      signature.initSign(key.get());
      signature.update(arguments.bytes(3).toByteArray());
      ByteString signed = ByteString.of(signature.sign());
      ProtoFields.write(result, 1, true);
      ProtoFields.write(result, 2, signed);
    } catch (GeneralSecurityException e) {
      ProtoFields.write(result, 3, ByteString.utf8("Failed to sign: " + e.getMessage()));
    }
    return Optional.of(ByteString.of(result.toByteArray()));
  }

  private static Signature algorithm(ByteString hash, String key) throws GeneralSecurityException {
    String name = hash.toString().toLowerCase(Locale.ROOT);
    if (!HASHES.contains(name)) {
      throw new GeneralSecurityException(name + " is not supported.");
    }
    return Signature.getInstance(
        name.toUpperCase(Locale.ROOT) + "with" + (key.equals("EC") ? "ECDSA" : key));
  }

  /** One of the two forms of a key, in DER; both or none is no key. */
  private static Optional<byte[]> key(ByteString der, ByteString pem) {
    if (der.isEmpty() == pem.isEmpty()) {
      return Optional.empty();
    }
    if (pem.isEmpty()) {
      return Optional.of(der.toByteArray());
    }
    StringBuilder base64 = new StringBuilder();
    pem.toString()
        .lines()
        .filter(line -> !line.startsWith("-----"))
        .forEach(line -> base64.append(line.strip()));
    try {
      return Optional.of(Base64.getDecoder().decode(base64.toString().getBytes(US_ASCII)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<PublicKey> publicKey(byte[] der) {
    for (String algorithm : ALGORITHMS) {
      try {
        return Optional.of(
            KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der)));
      } catch (GeneralSecurityException e) {
        // Of another kind, perhaps.
      }
    }
    return Optional.empty();
  }

  private static Optional<PrivateKey> privateKey(byte[] der) {
    for (String algorithm : ALGORITHMS) {
      try {
        return Optional.of(
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
      } catch (GeneralSecurityException e) {
        // Of another kind, perhaps.
      }
    }
    return Optional.empty();
  }
}
