package dev.nametag.abi.compiler;

import java.util.List;

/** A main class cannot become a module; says everything that is in the way. */
public final class CompilationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CompilationException(List<String> problems) {
    super(String.join("\n", problems));
  }

  CompilationException(String message, Throwable cause) {
    super(message, cause);
  }
}
