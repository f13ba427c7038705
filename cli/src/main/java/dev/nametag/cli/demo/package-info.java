/**
 * The demo's calls, played through the real module, and how its stops are shown. Read {@link
 * dev.nametag.cli.demo.Demo} first.
 */
package dev.nametag.cli.demo;
