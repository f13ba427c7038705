/**
 * The {@code nametag} command: parses arguments, calls the module that does the work, prints what
 * comes of it. Read {@link dev.nametag.cli.Nametag} first.
 *
 * <p>Results go to stdout, everything else to stderr. Exit status 0: done; 1: the input is refused
 * or a check failed; 2: wrong usage.
 */
package dev.nametag.cli;
