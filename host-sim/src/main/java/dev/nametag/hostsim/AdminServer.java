package dev.nametag.hostsim;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nametag.hostsim.admin.AdminEndpoints;
import dev.nametag.hostsim.admin.AdminResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Envoy's admin interface over HTTP: {@code /stats}, {@code /stats/prometheus}, {@code /ready}. */
public final class AdminServer implements AutoCloseable {

  /** A client that stalls keeps one of them, so that fewer stalled clients harm nobody else. */
  private static final int THREADS = 32;

  private final HttpServer server;
  private final ExecutorService threads;

  private AdminServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  private static Thread daemon(Runnable action) {
    Thread thread = new Thread(action, "admin");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts serving.
   *
   * @param address port 0 picks a free one
   * @throws java.net.BindException when the port is in use
   */
  public static AdminServer start(SimulatedEnvoy envoy, InetSocketAddress address)
      throws IOException {
    AdminEndpoints endpoints = new AdminEndpoints(envoy.stats());
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, AdminServer::daemon);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, endpoints));
    server.start();
    return new AdminServer(server, threads);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, AdminEndpoints endpoints) throws IOException {
    try (exchange) {
      AdminResponse response =
          endpoints.get(
              exchange.getRequestURI().getPath(),
              Optional.ofNullable(exchange.getRequestURI().getRawQuery()));
      AdminEndpoints.HEADERS.forEach(exchange.getResponseHeaders()::set);
      exchange.getResponseHeaders().set("content-type", response.contentType());
      byte[] body = response.body().toByteArray();
      boolean bodyless = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
      exchange.sendResponseHeaders(response.code(), bodyless ? -1 : body.length);
      if (!bodyless) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }
}
