package dev.nametag.hostsim.vm;

/**
 * What happens to the streams that come to a worker whose VM has failed. Source: Envoy
 * api/envoy/extensions/wasm/v3/wasm.proto, FailurePolicy and fail_open; proxy-wasm-cpp-host
 * src/context.cc, CHECK_FAIL.
 */
public enum FailurePolicy {
  /** They are answered with 503, details {@code wasm_fail_stream}. */
  FAIL_CLOSED,
  /** They pass without the filter. */
  FAIL_OPEN,
  /**
   * What {@code fail_open: true} means, which Istio before 1.25 and Envoy Gateway write: they pass,
   * and so do those in whose callbacks the VM fails, which get 503 under any other policy.
   */
  LEGACY_FAIL_OPEN,
  /**
   * The next one brings up a new VM, when the failure was a trap; other failures are as with {@link
   * #FAIL_CLOSED}. Not sooner than a second after the VM was last loaded, until when streams are
   * refused.
   */
  FAIL_RELOAD;

  boolean letsPass() {
    return this == FAIL_OPEN || this == LEGACY_FAIL_OPEN;
  }
}
