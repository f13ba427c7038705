/**
 * Tests of Proxy-Wasm filters, for their authors: any module, in the simulated Envoy, with JUnit.
 *
 * <p>Read {@link dev.nametag.hostsim.junit.EnvoyExtension} first, or {@code
 * docs/testing-filters.md}. How Envoy behaves is left to {@code dev.nametag.hostsim}; here are only
 * the words to ask it and to check the answers.
 */
package dev.nametag.hostsim.junit;
