package dev.nametag.cli.gateway;

import dev.nametag.naming.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A gateway file is refused; lists every reason, each on a line {@code file: field: reason}. */
public final class GatewayFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GatewayFileException(String file, List<Problem> problems) {
    super(
        problems.stream().map(problem -> file + ": " + problem).collect(Collectors.joining("\n")));
  }
}
