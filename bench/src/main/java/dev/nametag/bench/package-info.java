/**
 * What naming and relabeling cost, each as a ratio to something that runs beside it on the same
 * machine: {@link dev.nametag.bench.EncodeBenchmark}, {@link dev.nametag.bench.RelabelBenchmark}.
 * {@link dev.nametag.bench.Ratios} runs them and prints the ratios.
 *
 * <p>{@link dev.nametag.bench.FirstScrape} asks a real Prometheus, {@link
 * dev.nametag.bench.ManyRequests} the simulated Envoy. What the filter costs on V8 is measured
 * outside the JVM, in {@code v8host}.
 */
package dev.nametag.bench;
