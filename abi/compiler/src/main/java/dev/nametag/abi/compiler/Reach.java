package dev.nametag.abi.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.teavm.callgraph.CallGraphNode;
import org.teavm.callgraph.CallSite;
import org.teavm.dependency.DependencyInfo;
import org.teavm.interop.Export;
import org.teavm.interop.Import;
import org.teavm.model.AnnotationReader;
import org.teavm.model.AnnotationValue;
import org.teavm.model.MethodReader;
import org.teavm.model.MethodReference;

/** Answers why something is in a module: the shortest chain of calls that leads to it. */
final class Reach {
  private final DependencyInfo dependencies;

  Reach(DependencyInfo dependencies) {
    this.dependencies = dependencies;
  }

  /** Returns the chain of methods that leads to an import, the first caller first. */
  String of(WasmBinary.Import wanted) {
    MethodReference method = annotated(Import.class, wanted.module(), wanted.name());
    return method == null ? "TeaVM's runtime" : chainTo(method);
  }

  /** Returns the method that is exported under a name. */
  String ofExport(String name) {
    MethodReference method = annotated(Export.class, null, name);
    return method == null ? "TeaVM's runtime" : show(method);
  }

  static String show(MethodReference method) {
    return method.getClassName() + "." + method.getName();
  }

  private MethodReference annotated(Class<?> annotation, String module, String name) {
    for (MethodReference reference : dependencies.getReachableMethods()) {
      var cls = dependencies.getClassSource().get(reference.getClassName());
      MethodReader method = cls == null ? null : cls.getMethod(reference.getDescriptor());
      AnnotationReader found =
          method == null ? null : method.getAnnotations().get(annotation.getName());
      if (found != null
          && name.equals(text(found, "name"))
          && (module == null || module.equals(text(found, "module")))) {
        return reference;
      }
    }
    return null;
  }

  private static String text(AnnotationReader annotation, String member) {
    AnnotationValue value = annotation.getValue(member);
    return value == null ? null : value.getString();
  }

  /** Walks from callee to callers, breadth first, until a method that nothing calls. */
  private String chainTo(MethodReference target) {
    Map<MethodReference, MethodReference> calleeOf = new HashMap<>();
    calleeOf.put(target, null);
    Queue<MethodReference> open = new ArrayDeque<>(List.of(target));
    MethodReference last = target;
    while (!open.isEmpty()) {
      last = open.remove();
      CallGraphNode node = dependencies.getCallGraph().getNode(last);
      if (node == null || node.getCallerCallSites().isEmpty()) {
        break;
      }
      for (CallSite site : node.getCallerCallSites()) {
        for (CallGraphNode caller : site.getCallers()) {
          if (!calleeOf.containsKey(caller.getMethod())) {
            calleeOf.put(caller.getMethod(), last);
            open.add(caller.getMethod());
          }
        }
      }
    }
    List<String> chain = new ArrayList<>();
    for (MethodReference method = last; method != null; method = calleeOf.get(method)) {
      chain.add(show(method));
    }
    return String.join(" → ", chain);
  }
}
