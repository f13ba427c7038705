/**
 * VMs: how they come up, how they fail and what happens then.
 *
 * <p>Read {@link dev.nametag.hostsim.vm.BaseVm} first: it loads a module as Envoy does and tries
 * its configuration on a canary. {@link dev.nametag.hostsim.vm.WasmVm} is one instance with its
 * root context; {@link dev.nametag.hostsim.vm.Worker} holds the VM of one worker thread and applies
 * the {@link dev.nametag.hostsim.vm.FailurePolicy} when it has failed. What a stream is, and which
 * callbacks it brings, is not known here.
 *
 * <p>A module that never returns keeps its worker for ever, as in Envoy, which has no limit on CPU
 * time either; interrupting the thread makes it trap.
 */
package dev.nametag.hostsim.vm;
