package dev.nametag.hostsim.stream;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a stream.
 *
 * @param code that the client got; empty when it left before
 * @param flags bits of {@link ResponseFlag}
 * @param details what {@code response.code_details} said at the end
 * @param filterRan whether the stream had a VM; the module may still have had no callback for it
 * @param vmFailed whether the worker has no working VM after the stream
 * @param failure what the trap in this stream said
 */
public record StreamResult(
    OptionalInt code,
    long flags,
    String details,
    boolean filterRan,
    boolean vmFailed,
    Optional<String> failure) {}
