package dev.nametag.abi.compiler;

import java.io.File;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code MAIN_CLASS OUTPUT}: compiles a filter that is on this program's own class path to a
 * module. Exit status 1 if it is refused or cannot be written, 2 if the arguments are wrong.
 */
public final class Main {
  private static final int DONE = 0;
  private static final int REFUSED = 1;
  private static final int USAGE = 2;

  private Main() {}

  /** Runs the compiler. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /** Returns the exit status. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length != 2) {
      err.println("usage: MAIN_CLASS OUTPUT");
      return USAGE;
    }
    List<Path> classPath = new ArrayList<>();
    String ownClassPath = System.getProperty("java.class.path");
    for (String entry : ownClassPath.split(File.pathSeparator, -1)) {
      classPath.add(Path.of(entry));
    }
    Path output = Path.of(args[1]);
    try {
      int size =
          new ModuleCompiler(args[0], classPath, ModuleCompiler.Options.DEFAULT).compileTo(output);
      out.println(output + ": " + size + " bytes");
      return DONE;
    } catch (CompilationException e) {
      for (String line : e.getMessage().split("\n", -1)) {
        err.println(args[0] + ": " + line);
      }
    } catch (UncheckedIOException e) {
      err.println(output + ": " + e.getCause());
    }
    return REFUSED;
  }
}
