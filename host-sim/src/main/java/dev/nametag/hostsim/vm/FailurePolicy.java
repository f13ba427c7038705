package dev.nametag.hostsim.vm;

/**
 * What happens to the streams that come to a worker whose VM has failed. Source: Envoy
 * api/envoy/extensions/wasm/v3/wasm.proto, FailurePolicy.
 */
public enum FailurePolicy {
  /** They are answered with 503, details {@code wasm_fail_stream}. */
  FAIL_CLOSED,
  /** They pass without the filter. */
  FAIL_OPEN,
  /**
   * The next one brings up a new VM, when the failure was a trap; other failures are as with {@link
   * #FAIL_CLOSED}. Not sooner than a second after the VM was last loaded, until when streams are
   * refused.
   */
  FAIL_RELOAD
}
