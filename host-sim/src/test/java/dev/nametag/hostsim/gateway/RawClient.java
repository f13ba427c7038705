package dev.nametag.hostsim.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends what it is told, also what no proper client would, and reads responses. */
final class RawClient implements AutoCloseable {

  private final Socket socket;

  /**
   * A response.
   *
   * @param headers names in lower case
   * @param body put together again when it was chunked
   */
  record Response(int status, Map<String, String> headers, String body) {}

  private RawClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawClient to(int port) {
    return new RawClient(port);
  }

  /** Sends lines with {@code CR LF} for each line feed. */
  RawClient send(String text) {
    try {
      socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one response to a request that was not HEAD. */
  Response response() {
    return response(false);
  }

  Response response(boolean toHead) {
    String statusLine = line();
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String body = "";
    if (toHead || status < 200 || status == 204 || status == 304) {
      body = "";
    } else if (headers.containsKey("content-length")) {
      body = text(Integer.parseInt(headers.get("content-length")));
    } else if ("chunked".equals(headers.get("transfer-encoding"))) {
      StringBuilder all = new StringBuilder();
      for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
        all.append(text(size));
        line();
      }
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put("trailer:" + line.substring(0, colon), line.substring(colon + 1).strip());
      }
      body = all.toString();
    } else {
      body = rest();
    }
    return new Response(status, headers, body);
  }

  /** Reads a line without its end. */
  String line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("the connection ended after " + line.toString(ISO_8859_1));
        }
        line.write(b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private String text(int size) {
    try {
      byte[] bytes = socket.getInputStream().readNBytes(size);
      if (bytes.length < size) {
        throw new IOException("the connection ended in a body");
      }
      return new String(bytes, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads to the end of the connection. */
  String rest() {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that nothing more will be sent. */
  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection with a reset. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
