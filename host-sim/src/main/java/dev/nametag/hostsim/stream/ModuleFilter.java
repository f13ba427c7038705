package dev.nametag.hostsim.stream;

import dev.nametag.hostsim.vm.Worker;
import java.util.List;

/**
 * The module of another plugin as a filter around ours, in VMs of its own: one for each worker,
 * used in that worker's turn.
 */
public final class ModuleFilter implements ChainFilter {

  private final List<Worker> workers;

  /** A filter with a VM on each of these workers. */
  public ModuleFilter(List<Worker> workers) {
    this.workers = List.copyOf(workers);
  }

  /** The plugin's part of the thread in which that worker's streams run. */
  Worker beside(Worker worker) {
    return workers.stream()
        .filter(worker::sharesTurnWith)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a stream cannot pass a plugin that has no VM in its thread: plugins of one"
                        + " process share a SharedState and have as many workers"));
  }
}
