/**
 * What the VMs of one Envoy process share beyond their plugin: data and queues, by vm_id.
 *
 * <p>Read {@link dev.nametag.hostsim.shared.SharedState} first. An empty vm_id is a vm_id like any
 * other: plugins that have none, as all have in Istio, share with each other.
 */
package dev.nametag.hostsim.shared;
