package dev.nametag.abi.compiler;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.model.ClassReader;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodReference;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

/**
 * Compiles a filter to a module.
 *
 * <p>The module imports nothing but hostcalls and exports nothing but callbacks, {@code memory} and
 * {@code _start}; anything else is a {@link CompilationException} that names it and what reaches
 * it, and no module is written. The same classes give the same bytes.
 */
public final class ModuleCompiler {
  private static final int MIB = 1 << 20;
  private static final String ON_DONE = "proxy_on_done";
  private static final MethodDescriptor MAIN =
      new MethodDescriptor("main", String[].class, void.class);

  private final String mainClass;
  private final List<Path> classPath;
  private final Options options;

  /**
   * How to compile.
   *
   * @param minHeapMib size of the heap when the module starts, in MiB
   * @param maxHeapMib size that the heap can grow to, in MiB
   * @param debug whether to keep function names, which makes the module about twice as large
   */
  public record Options(int minHeapMib, int maxHeapMib, boolean debug) {
    /** What a filter needs that keeps a few thousand series. */
    public static final Options DEFAULT = new Options(2, 128, false);

    int minHeapBytes() {
      return minHeapMib * MIB;
    }

    int maxHeapBytes() {
      return maxHeapMib * MIB;
    }
  }

  /**
   * Compiles {@code mainClass}, whose {@code main} calls {@code
   * dev.nametag.abi.wasm.ProxyWasm.run}.
   *
   * @param classPath where the filter's classes and those it uses are, folders and jars
   */
  public ModuleCompiler(String mainClass, List<Path> classPath, Options options) {
    this.mainClass = mainClass;
    this.classPath = List.copyOf(classPath);
    this.options = options;
  }

  /**
   * Writes the module, or throws and writes nothing.
   *
   * @return its size in bytes
   */
  public int compileTo(Path output) {
    byte[] module = compile();
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      Files.write(output, module);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return module.length;
  }

  /** Returns the module. */
  public byte[] compile() {
    try {
      Path folder = Files.createTempDirectory("module");
      try (URLClassLoader loader = new URLClassLoader(urls(), getClass().getClassLoader())) {
        return checked(generate(folder, loader), folder, options.debug());
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TeaVMTool generate(Path folder, ClassLoader loader) {
    TeaVMTool tool = new TeaVMTool();
    tool.setClassLoader(loader);
    tool.setClassPath(classPath.stream().map(Path::toFile).toList());
    tool.setMainClass(mainClass);
    // Not WEBASSEMBLY_WASI: its start-up reads argc, which is 0 in Envoy, and corrupts the heap.
    tool.setTargetType(TeaVMTargetType.WEBASSEMBLY);
    tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    tool.setTargetDirectory(folder.toFile());
    tool.setTargetFileName("module.wasm");
    tool.setMinHeapSize(options.minHeapBytes());
    tool.setMaxHeapSize(options.maxHeapBytes());
    tool.setObfuscated(!options.debug());
    tool.setAssertionsRemoved(true);
    tool.getTransformers().add(RuntimeTransformer.class.getName());
    try {
      tool.generate();
    } catch (TeaVMToolException e) {
      throw new CompilationException("TeaVM failed: " + e.getMessage(), e);
    }
    return tool;
  }

  private byte[] checked(TeaVMTool tool, Path folder, boolean debug) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Problem problem : tool.getProblemProvider().getSevereProblems()) {
      problems.add(text(problem));
    }
    ClassReader main = tool.getDependencyInfo().getClassSource().get(mainClass);
    if (main != null && main.getMethod(MAIN) == null) {
      problems.add("class " + mainClass + " has no public static void main(String[])");
    }
    if (!problems.isEmpty()) {
      throw new CompilationException(problems);
    }
    WasmBinary binary = new WasmBinary(Files.readAllBytes(folder.resolve("module.wasm")));
    Reach reach = new Reach(tool.getDependencyInfo());
    for (WasmBinary.Import wanted : binary.imports()) {
      if (!Border.allowsImport(wanted)) {
        problems.add("import " + wanted + ": no host has it; reached by " + reach.of(wanted));
      }
    }
    for (WasmBinary.Export export : binary.exports()) {
      String name = export.name();
      if (!Border.allowsExport(name) && !Border.isTeaVmExport(name)) {
        problems.add("export " + name + ": no host calls it; made by " + reach.ofExport(name));
      }
    }
    if (!problems.isEmpty()) {
      throw new CompilationException(problems);
    }
    WasmBinary compact =
        Compactor.compact(binary, !debug)
            .withExports(
                name -> Border.allowsExport(name) && !(name.equals(ON_DONE) && !hasOnDone(tool)));
    return InitialMemory.ofHeap(DeadFunctions.emptied(compact), options).toByteArray();
  }

  /** An export costs every stream a call; who does not override this callback has none. */
  private static boolean hasOnDone(TeaVMTool tool) {
    for (MethodReference method : tool.getDependencyInfo().getReachableMethods()) {
      if (method.getName().equals("onDone")
          && !method.getClassName().equals("dev.nametag.abi.HttpContext")
          && !method.getClassName().equals("dev.nametag.abi.Dispatcher")) {
        return true;
      }
    }
    return false;
  }

  private static String text(Problem problem) {
    DefaultProblemTextConsumer consumer = new DefaultProblemTextConsumer();
    problem.render(consumer);
    StringBuilder text = new StringBuilder(consumer.getText());
    if (problem.getLocation() != null && problem.getLocation().getMethod() != null) {
      text.append("; reached by ").append(Reach.show(problem.getLocation().getMethod()));
      if (problem.getLocation().getSourceLocation() != null) {
        text.append(" (").append(problem.getLocation().getSourceLocation()).append(')');
      }
    }
    return text.toString();
  }

  private URL[] urls() throws MalformedURLException {
    URL[] urls = new URL[classPath.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = classPath.get(i).toUri().toURL();
    }
    return urls;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
