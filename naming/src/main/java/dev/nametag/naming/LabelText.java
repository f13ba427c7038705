package dev.nametag.naming;

/**
 * The text that a value of the {@code lossless} profile has as a label in Prometheus: whole, or
 * marked with {@code ~}, never half.
 *
 * <p>A value is readable if all its bytes lie in the alphabet and at most {@code maxEscapes} of
 * them are escaped in the name; then the label is the value itself. Any other value is {@code ~}
 * and its encoded text. {@code ~} is outside every alphabet, so two values never share a text.
 *
 * @param alphabet the characters beside letters and digits that are decoded, each once, printable
 *     ASCII
 * @param maxEscapes how many escapes are decoded in one value, from 1
 */
public record LabelText(String alphabet, int maxEscapes) {
  /** What marks a text that is not the value itself. */
  public static final char MARK = '~';

  /** The text of an empty value, which Prometheus could not tell from no label. */
  public static final String EMPTY = "~empty";

  /** The text of {@link LabelValue#OTHER}. */
  public static final String OTHER = "~other";

  /** What holds unless someone chooses otherwise. */
  public static final LabelText DEFAULT = new LabelText("-.@/: +_", 15);

  /** Checks. */
  public LabelText {
    for (int i = 0; i < alphabet.length(); i++) {
      char c = alphabet.charAt(i);
      if (c < ' ' || c > '~' || c == MARK || LosslessCodec.isPlain(c)) {
        throw new IllegalArgumentException("alphabet: '" + c + "' cannot be decoded");
      }
      if (alphabet.indexOf(c) != i) {
        throw new IllegalArgumentException("alphabet: '" + c + "' occurs twice");
      }
    }
    if (maxEscapes < 1) {
      throw new IllegalArgumentException("maxEscapes: " + maxEscapes + " is not positive");
    }
  }

  /**
   * Returns the label's text, or {@code null} if there is no such label.
   *
   * @param encoded a value as {@link LosslessCodec#encode(LabelValue)} writes it
   */
  public String of(String encoded) {
    if (encoded.isEmpty()) {
      return EMPTY;
    }
    if (encoded.equals(LosslessCodec.ABSENT)) {
      return null;
    }
    if (encoded.equals(LosslessCodec.OTHER)) {
      return OTHER;
    }
    StringBuilder text = new StringBuilder();
    int escapes = 0;
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '_') {
        int code = Character.digit(encoded.charAt(i + 1), 16) * 16;
        c = (char) (code + Character.digit(encoded.charAt(i + 2), 16));
        escapes++;
        i += 2;
        if (code < 0 || alphabet.indexOf(c) < 0 || escapes > maxEscapes) {
          return MARK + encoded;
        }
      }
      text.append(c);
    }
    return text.toString();
  }
}
