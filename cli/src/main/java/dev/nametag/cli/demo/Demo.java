package dev.nametag.cli.demo;

import dev.nametag.hostsim.AdminServer;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.engine.EngineKind;
import dev.nametag.hostsim.hostcall.LogLevel;
import dev.nametag.hostsim.hostcall.LogLine;
import dev.nametag.hostsim.stream.StreamEnding;
import dev.nametag.hostsim.stream.StreamResult;
import dev.nametag.hostsim.stream.StreamScenario;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.naming.json.JsonWriter;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.exposition.ExpositionLine;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.RelabelledPage;
import dev.nametag.relabel.exposition.Sample;
import dev.nametag.relabel.generate.GeneratedRule;
import dev.nametag.relabel.generate.RuleGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * One run of the demo, under one profile: calls of the users of the chargeback demo, authenticated
 * and limited as by Kuadrant's filter, in three parts that add up.
 *
 * <p>The filter runs as the WebAssembly module that it is; nothing here knows what it will count.
 */
public final class Demo implements AutoCloseable {
  /** The labels that the scrape of the chargeback demo has, beside those of the caller. */
  public static final Map<String, String> TARGET_LABELS =
      Map.of(
          "container", "istio-proxy",
          "endpoint", "http-envoy-metrics",
          "instance", "10.244.0.40:15090",
          "job", "infra-sim-gw-envoy-metrics",
          "namespace", "llm-d",
          "pod", "infra-sim-inference-gateway-istio-b4d9cb756-qtrdf",
          "service", "infra-sim-gw-envoy-metrics");

  private static final int STOPS = 3;

  private final Profile profile;
  private final Schema schema;
  private final SimulatedEnvoy envoy;
  private final AdminServer admin;
  private final List<GeneratedRule> rules;
  private int stops;

  /** The filter trapped, or the host gave it up. */
  public static final class FilterFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FilterFailedException(String message) {
      super(message);
    }
  }

  /**
   * Starts a simulated Envoy with the filter, and its admin endpoints at the address.
   *
   * @throws IOException if the address cannot be listened on
   */
  public Demo(Profile profile, byte[] wasm, InetSocketAddress address) throws IOException {
    this.profile = profile;
    String configuration = configuration(profile);
    this.schema = Schema.parse(configuration);
    this.rules = RuleGenerator.generate(schema);
    this.envoy =
        SimulatedEnvoy.builder()
            .module(wasm)
            .pluginName("llm-d.nametag")
            .rootId("nametag")
            .nodeMetadata(Map.of("NAMESPACE", "llm-d"))
            .pluginConfiguration(configuration.getBytes(StandardCharsets.UTF_8))
            // A thousand calls are over before a compiler has warmed up.
            .engine(EngineKind.INTERPRETER)
            .start();
    try {
      this.admin = AdminServer.start(envoy, address);
    } catch (IOException e) {
      envoy.close();
      throw e;
    }
  }

  /** Returns the configuration that the filter gets: the defaults, under a profile. */
  public static String configuration(Profile profile) {
    return JsonWriter.write(Map.of("naming", profile.text()));
  }

  /** Returns under which profile this runs. */
  public Profile profile() {
    return profile;
  }

  /** Returns what the filter counts by. */
  public Schema schema() {
    return schema;
  }

  /** Returns the rules that are generated for it. */
  public List<GeneratedRule> rules() {
    return rules;
  }

  /** Returns where the simulated Envoy serves its metrics. */
  public InetSocketAddress address() {
    return admin.address();
  }

  /** Returns whether there is a further stop. */
  public boolean hasNext() {
    return stops < STOPS;
  }

  /**
   * Plays the calls up to the next stop and returns what there is to see.
   *
   * @throws FilterFailedException if the filter fails
   * @throws IOException if the page cannot be fetched
   */
  public Stop next() throws IOException {
    return switch (stops++) {
      case 0 -> {
        calls("premiumuser1", "premium", 90, 80);
        yield stop("a", "90 authorized and 80 limited calls of premiumuser1");
      }
      case 1 -> {
        calls("premiumuser1", "premium", 225 - 90, 165 - 80);
        calls("premiumuser2", "premium", 30, 8);
        calls("enterpriseuser1", "enterprise", 300, 150);
        calls("freeuser1", "free", 25, 19);
        yield stop("b", "four users in three groups");
      }
      case 2 -> {
        calls("premiumuser1", "premium", 315 - 225, 0);
        calls("a.b", "free", 3, 0);
        calls("a-b", "free", 5, 0);
        yield stop("c", "premiumuser1 calls on, and two users called a.b and a-b come");
      }
      default -> throw new NoSuchElementException();
    };
  }

  private void calls(String user, String group, int authorized, int limited) {
    StreamScenario.Builder call =
        StreamScenario.builder()
            .method("POST")
            .path("/v1/completions")
            .authority("inference.example.com")
            .filterState("wasm.kuadrant.auth.identity.userid", JsonWriter.write(user))
            .filterState("wasm.kuadrant.auth.identity.groups", JsonWriter.write(List.of(group)));
    run(call.ending(StreamEnding.upstream(200)).build(), authorized);
    run(call.ending(StreamEnding.kuadrantDenied(429)).build(), limited);
  }

  private void run(StreamScenario call, int times) {
    for (int i = 0; i < times; i++) {
      StreamResult result = envoy.run(call);
      if (result.failure().isPresent()) {
        throw new FilterFailedException(lastWords());
      }
    }
  }

  /** Returns what the host logged when the filter failed: which callback, and why. */
  private String lastWords() {
    String words = "the filter failed";
    for (LogLine line : envoy.logs()) {
      if (line.level() == LogLevel.CRITICAL) {
        words = line.message();
      }
    }
    return words;
  }

  private Stop stop(String id, String title) throws IOException {
    String url =
        "http://"
            + admin.address().getHostString()
            + ":"
            + admin.address().getPort()
            + "/stats/prometheus";
    String page = fetch(URI.create(url).toURL());
    return new Stop(id, title, url, page, scrape(page));
  }

  private static String fetch(URL url) throws IOException {
    try (InputStream in = url.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Does what Prometheus does with a page: adds the target's labels, then runs the rules. */
  private List<Sample> scrape(String page) {
    List<ExpositionLine> lines = new ArrayList<>();
    for (ExpositionLine line : ExpositionReader.read("page", page)) {
      if (line instanceof Sample sample) {
        Labels labels = sample.labels();
        for (Map.Entry<String, String> target : TARGET_LABELS.entrySet()) {
          labels = labels.with(target.getKey(), target.getValue());
        }
        lines.add(sample.withLabels(labels));
      }
    }
    RelabelRules ready = RuleGenerator.toRules(rules);
    return RelabelledPage.of(lines.iterator(), ready).samples();
  }

  @Override
  public void close() {
    admin.close();
    envoy.close();
  }
}
