/**
 * Unit tests for relabel rules: input series, and the series that must come of them.
 *
 * <p>Read {@link dev.nametag.relabel.unittest.RelabelTestFile} first, which says what a file of
 * tests looks like; {@link dev.nametag.relabel.unittest.RelabelTestResult} is what running one
 * gives.
 */
package dev.nametag.relabel.unittest;
