/**
 * Expressions in CEL, the Common Expression Language, as the foreign functions {@code expr_create},
 * {@code expr_evaluate} and {@code expr_delete} have them.
 *
 * <p>Read {@link dev.nametag.hostsim.expression.Evaluator} first. The parser is that of cel-java,
 * whose grammar is that of cel-cpp. The evaluation is our own: values are those of properties, byte
 * by byte, and it costs no more than {@link dev.nametag.hostsim.expression.Work} allows, which
 * cel-java's does not. What is cel-cpp's and what its options are, is in {@link
 * dev.nametag.hostsim.expression.Functions}; what a context knows stays in the packages of
 * contexts.
 */
package dev.nametag.hostsim.expression;
