package dev.nametag.abi.compiler;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiles the filters in {@code samples}, each once. */
final class Samples {
  private static final Map<Class<?>, byte[]> MODULES = new ConcurrentHashMap<>();

  private Samples() {}

  static byte[] module(Class<?> filter) {
    return MODULES.computeIfAbsent(filter, each -> compiler(each).compile()).clone();
  }

  static ModuleCompiler compiler(Class<?> filter) {
    return new ModuleCompiler(filter.getName(), classPath(), ModuleCompiler.Options.DEFAULT);
  }

  static List<Path> classPath() {
    String entries = System.getProperty("java.class.path");
    return Arrays.stream(entries.split(File.pathSeparator, -1)).map(Path::of).toList();
  }
}
