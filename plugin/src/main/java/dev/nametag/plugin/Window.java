package dev.nametag.plugin;

/** A value as bytes in memory, until the callback returns. */
final class Window {
  /** Where it starts. */
  int address;

  /** How many bytes it has. */
  int size;

  /** What the host answered if the value could not be read. */
  int failure;

  /** Which of {@link Stream#inJava} has to read it before there is a value. */
  int inJava;

  /** In what form a list is; see {@link ListForm}. Only readers of lists set it. */
  int form;
}
