package dev.nametag.manifests;

import dev.nametag.naming.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A file holds no configuration that the filter would accept; lists every reason. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient List<Problem> problems;

  ConfigurationException(String file, List<Problem> problems) {
    super(
        problems.stream().map(problem -> file + ": " + problem).collect(Collectors.joining("\n")));
    this.file = file;
    this.problems = List.copyOf(problems);
  }

  /** Returns what the file is called. */
  public String file() {
    return file;
  }

  /** Returns what is wrong, in the order of the file, at least one entry. */
  public List<Problem> problems() {
    return problems;
  }
}
