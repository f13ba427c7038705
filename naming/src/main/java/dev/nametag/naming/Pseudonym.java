package dev.nametag.naming;

/**
 * Writes a keyed pseudonym for a value: the first 128 bits of its HMAC-SHA-256, as 32 hex digits.
 * Without the key nobody can tell whose it is, nor try out names; with it, anybody can.
 *
 * <p>Source: RFC 2104, with SHA-256 as in RFC 4231.
 */
public final class Pseudonym {
  /** The fewest bytes that a key may have: what can be guessed is no key. */
  public static final int MIN_KEY_BYTES = 16;

  /** How many bytes the text of every pseudonym has. */
  public static final int TEXT_BYTES = 32;

  private static final int BLOCK = 64;
  private static final int BYTES = TEXT_BYTES / 2;
  private static final String HEX = "0123456789abcdef";

  private final byte[] inner;
  private final byte[] outer;

  /**
   * Writes pseudonyms with this key, which is copied.
   *
   * @throws IllegalArgumentException if it has fewer than {@link #MIN_KEY_BYTES} bytes
   */
  public Pseudonym(byte[] key) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has at least " + MIN_KEY_BYTES + " bytes, not " + key.length);
    }
    byte[] block = key.length > BLOCK ? Sha256.digest(key) : key;
    this.inner = new byte[BLOCK];
    this.outer = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      int b = i < block.length ? block[i] : 0;
      inner[i] = (byte) (b ^ 0x36);
      outer[i] = (byte) (b ^ 0x5c);
    }
  }

  /** Returns the pseudonym of a value, the empty one too. */
  public String of(byte[] value) {
    byte[] mac = mac(value);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < BYTES; i++) {
      text.append(HEX.charAt(mac[i] >> 4 & 0xf)).append(HEX.charAt(mac[i] & 0xf));
    }
    return text.toString();
  }

  /** Returns the 32 bytes of the HMAC. */
  byte[] mac(byte[] value) {
    return Sha256.digest(joined(outer, Sha256.digest(joined(inner, value))));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
