package dev.nametag.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Addresses as options name them: {@code HOST:PORT}, IPv6 in brackets. */
final class HostPort {
  private HostPort() {}

  /** Returns the address; anything else is wrong usage. */
  static InetSocketAddress parse(String option, String text, CommandSpec spec) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      InetSocketAddress address =
          new InetSocketAddress(text.substring(0, Math.max(colon, 0)), port);
      if (colon > 0 && !address.isUnresolved()) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new ParameterException(
        spec.commandLine(), option + ": \"" + text + "\" is not HOST:PORT");
  }

  /** Returns {@code ip:port}. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** Returns what is said when an address cannot be listened on. */
  static InputException inUse(String option, InetSocketAddress address, IOException e) {
    return new InputException(option + " " + text(address) + ": cannot listen: " + e.getMessage());
  }
}
