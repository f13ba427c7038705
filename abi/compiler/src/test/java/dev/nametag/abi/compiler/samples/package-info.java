/** Filters that tests compile: each class with a {@code main} is one. */
package dev.nametag.abi.compiler.samples;
