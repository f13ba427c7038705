package dev.nametag.abi.compiler;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code MAIN_CLASS OUTPUT}: compiles a filter that is on this program's own class path to a
 * module. Exit status 1 if it is refused, 2 if the arguments are wrong.
 */
public final class Main {
  private static final int REFUSED = 1;
  private static final int USAGE = 2;

  private Main() {}

  /** Runs the compiler. */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: MAIN_CLASS OUTPUT");
      System.exit(USAGE);
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
      System.out.println(output + ": " + size + " bytes");
    } catch (CompilationException e) {
      for (String line : e.getMessage().split("\n", -1)) {
        System.err.println(args[0] + ": " + line);
      }
      System.exit(REFUSED);
    }
  }
}
