package dev.nametag.naming;

/** Where the value of a label comes from. */
public sealed interface Source permits Selector, Constant {}
