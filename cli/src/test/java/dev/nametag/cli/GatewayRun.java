package dev.nametag.cli;

import dev.nametag.naming.json.JsonReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code nametag gateway} in a thread of this process, on free ports; the interrupt stops it. */
final class GatewayRun implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final Thread thread;
  private final Map<?, ?> ready;

  private GatewayRun(String... options) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("gateway", "--json", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
    args.addAll(List.of(options));
    thread =
        new Thread(
            () ->
                status.complete(
                    Nametag.run(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        args.toArray(String[]::new))),
            "gateway-run");
    thread.start();
    ready = (Map<?, ?>) JsonReader.read(line(0));
  }

  static GatewayRun of(String... options) {
    return new GatewayRun(options);
  }

  private String line(int index) {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String[] lines = out.toString().split("\n", -1);
      if (lines.length > index + 1) {
        return lines[index];
      }
      if (status.isDone() || System.nanoTime() > deadlineNanos) {
        throw new IllegalStateException("the gateway said: " + out + err);
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** {@code ip:port} of the metrics. */
  String admin() {
    return (String) ready.get("admin");
  }

  int port() {
    return uri("/").getPort();
  }

  URI uri(String path) {
    return URI.create("http://" + ready.get("listen") + path);
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("no answer to " + request + ": " + err, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** GETs a path with a key, which may be empty, and returns the response. */
  HttpResponse<String> get(String path, String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (!key.isEmpty()) {
      request.header("authorization", "Bearer " + key);
    }
    return send(request.build());
  }

  /** The page of metrics. */
  String page() {
    return send(HttpRequest.newBuilder(URI.create("http://" + admin() + "/stats/prometheus"))
            .build())
        .body();
  }

  /** The values of the page by series, such as {@code calls_total{}}. */
  Map<String, Long> metrics() {
    String page = page();
    Map<String, Long> values = new TreeMap<>();
    for (String line : page.split("\n", -1)) {
      int space = line.lastIndexOf(' ');
      if (space > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, space), Long.valueOf(line.substring(space + 1)));
      }
    }
    return values;
  }

  /** Those of them that count calls. */
  Map<String, Long> calls() {
    Map<String, Long> calls = metrics();
    calls.keySet().removeIf(series -> !series.contains("calls"));
    return calls;
  }

  String err() {
    return err.toString();
  }

  /** Stops it and returns the totals; the exit status must be 0. */
  Map<?, ?> stop() throws Exception {
    thread.interrupt();
    int ended = status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (ended != 0) {
      throw new IllegalStateException("ended with " + ended + ": " + err);
    }
    return (Map<?, ?>) JsonReader.read(line(1));
  }

  @Override
  public void close() {
    thread.interrupt();
    status.join();
  }
}
