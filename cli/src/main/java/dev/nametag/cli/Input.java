package dev.nametag.cli;

import dev.nametag.manifests.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that the command line names; {@code -} is stdin. */
final class Input {
  /** Larger than any module, smaller than what would fill the memory. */
  private static final int MAX_BYTES = 32 * 1024 * 1024;

  /** Larger than any configuration or rule file. */
  private static final int MAX_TEXT_BYTES = 8 * 1024 * 1024;

  private Input() {}

  /** Opens a file; its reader bounds what it takes from it. */
  static InputStream open(String file) {
    if (file.equals("-")) {
      return System.in;
    }
    Path path = path(file);
    if (Files.isDirectory(path)) {
      throw new InputException(file + ": is a directory");
    }
    try {
      return Files.newInputStream(path);
    } catch (IOException e) {
      throw refused(file, e);
    }
  }

  private static Path path(String file) {
    if (file.isEmpty()) {
      throw new InputException("a file's name is empty");
    }
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      // Under a locale that cannot write the name, such as LC_ALL=C.
      throw new InputException(file + ": no name that this system can use: " + e.getReason());
    }
  }

  /** Returns the content of a file that is read whole. */
  static byte[] bytes(String file) {
    return bytes(file, MAX_BYTES);
  }

  private static byte[] bytes(String file, int limit) {
    try (InputStream in = open(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new InputException(name(file) + ": larger than " + limit + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw refused(file, e);
    }
  }

  /** Returns the content of a text file that is read whole. */
  static String text(String file) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(file, MAX_TEXT_BYTES)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new InputException(name(file) + ": not UTF-8 text");
    }
  }

  /** Returns the configuration in a file, the empty one if no file is named. */
  static Configuration configuration(String file) {
    return file == null ? Configuration.empty() : Configuration.read(name(file), text(file));
  }

  /** Returns what a file is called in messages. */
  static String name(String file) {
    return file.equals("-") ? "stdin" : file;
  }

  static InputException refused(String file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new InputException(file + ": no such file");
    }
    if (e instanceof AccessDeniedException) {
      return new InputException(file + ": permission denied");
    }
    return new InputException(file + ": cannot be read: " + e.getMessage());
  }
}
