package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.vm.Worker;
import dev.nametag.hostsim.vm.Worker.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The filters of one stream, in the order in which requests meet them.
 *
 * @param modules those that are Wasm modules
 * @param ours the module of the Envoy that the stream came to; none if its VM has failed
 */
record Links(List<Link> all, List<WasmFilter> modules, Optional<WasmFilter> ours) {

  private static final StreamFilter REFUSING =
      Filters.answering(LocalAnswer.of(503, 0, "wasm_fail_stream", ""));

  /** Asks all plugins for their VMs and makes the links. */
  static Links of(FilterChain chain, Worker worker, ActiveStream stream) {
    List<Link> all = new ArrayList<>();
    chain.beforeOurs().forEach(filter -> all.addAll(links(filter, worker, stream)));
    List<Link> ours = worker.with(admission -> links(admission, stream));
    all.addAll(ours);
    chain.afterOurs().forEach(filter -> all.addAll(links(filter, worker, stream)));
    return new Links(List.copyOf(all), modules(all), modules(ours).stream().findFirst());
  }

  private static List<WasmFilter> modules(List<Link> links) {
    return links.stream().filter(WasmFilter.class::isInstance).map(WasmFilter.class::cast).toList();
  }

  private static List<Link> links(ChainFilter filter, Worker worker, ActiveStream stream) {
    if (filter instanceof ModuleFilter module) {
      return module.beside(worker).with(admission -> links(admission, stream));
    }
    return List.of(new HeaderFilter(stream, (StreamFilter) filter));
  }

  private static List<Link> links(Admission admission, ActiveStream stream) {
    if (admission instanceof Admission.Run run) {
      return List.of(new WasmFilter(run, stream));
    }
    return admission instanceof Admission.Refuse
        ? List.of(new HeaderFilter(stream, REFUSING))
        : List.of();
  }

  /** Tells the filters where they hold things back. */
  void place(Function<Integer, FilterGate> request, Function<Integer, FilterGate> response) {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).placed(request.apply(i), response.apply(i));
    }
  }
}
