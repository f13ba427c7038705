/**
 * The contract that the filter and every tool share: which metrics exist, with which labels from
 * where ({@link dev.nametag.naming.Schema}), and how a label set is written into a metric name
 * ({@link dev.nametag.naming.NameCodec}).
 *
 * <p>Read {@link dev.nametag.naming.LosslessCodec} first: the rest exists so that its laws hold.
 *
 * <p>Everything here is compiled twice, to Java byte code and to WebAssembly. It knows nothing of
 * wasm, Prometheus or YAML, does no I/O and uses no regular expressions, no {@code String.format}
 * and no reflection, which would make the module large.
 */
package dev.nametag.naming;
