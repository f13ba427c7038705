package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.upstream.Clusters;
import java.time.Duration;

/**
 * What a VM is given beside its plugin.
 *
 * @param deadline of each call into the module; zero for none
 * @param maxMemoryPages of 64 KiB
 * @param patience how long a client waits for a stream that the module holds
 */
public record VmResources(
    Clusters clusters, Duration deadline, int maxMemoryPages, Duration patience) {}
