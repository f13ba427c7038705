package dev.nametag.hostsim.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that answers the headers of each request with given bytes, whatever they are. */
final class RawServer implements AutoCloseable {

  private final ServerSocket listener;
  private final String answer;
  private final boolean closing;
  private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger closed = new AtomicInteger();
  private volatile int requests;

  private RawServer(String answer, boolean closing) {
    this.answer = answer.replace("\n", "\r\n");
    this.closing = closing;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Sends the text for each request, with {@code CR LF} for each line feed. */
  static RawServer answering(String text) {
    return new RawServer(text, false);
  }

  /** Does the same and closes the connection. */
  static RawServer answeringAndClosing(String text) {
    return new RawServer(text, true);
  }

  ClusterSettings cluster(Optional<Duration> idleTimeout) {
    return new ClusterSettings.Server(
        "127.0.0.1", listener.getLocalPort(), Duration.ofSeconds(5), idleTimeout);
  }

  ClusterSettings cluster() {
    return new ClusterSettings.Server("127.0.0.1", listener.getLocalPort(), Duration.ofSeconds(5));
  }

  /** How many connections the other side has closed. */
  int closed() {
    return closed.get();
  }

  /** Waits until so many have been closed. */
  void awaitClosed(int count) {
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (closed() < count && System.nanoTime() < deadlineNanos) {
      RunningGateway.pause(5);
    }
  }

  int requests() {
    return requests;
  }

  /** The headers of all requests, each byte a char. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread thread = new Thread(() -> serve(socket), "raw-server-connection");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      int matched = 0;
      StringBuilder head = new StringBuilder();
      for (int b = in.read(); b >= 0; b = in.read()) {
        head.append((char) b);
        matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : 0;
        if (matched == 4) {
          matched = 0;
          heads.add(head.toString());
          head.setLength(0);
          answer(socket);
        }
      }
      closed.incrementAndGet();
    } catch (IOException e) {
      // The gateway has gone.
    }
  }

  private void answer(Socket socket) throws IOException {
    synchronized (this) {
      requests++;
    }
    socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
    if (closing) {
      socket.shutdownOutput();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
