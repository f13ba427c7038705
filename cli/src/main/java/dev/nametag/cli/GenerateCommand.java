package dev.nametag.cli;

import dev.nametag.naming.LabelText;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.generate.Decoding;
import dev.nametag.relabel.generate.EnvoyStatsTagsTarget;
import dev.nametag.relabel.generate.IstioExtraStatTagsTarget;
import dev.nametag.relabel.generate.OtelCollectorTarget;
import dev.nametag.relabel.generate.PodMonitorTarget;
import dev.nametag.relabel.generate.PrometheusTarget;
import dev.nametag.relabel.generate.ProxyPods;
import dev.nametag.relabel.generate.ScrapeConfigTarget;
import dev.nametag.relabel.generate.ServiceMonitorTarget;
import dev.nametag.relabel.generate.UnsupportedSchemaException;
import dev.nametag.relabel.generate.VmServiceScrapeTarget;
import dev.nametag.relabel.generate.VmagentTarget;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nametag relabel generate}. */
@Command(
    name = "generate",
    description = "Prints the rules for a configuration, ready to be applied.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Where rules go. */
  enum Target {
    SERVICEMONITOR,
    PODMONITOR,
    SCRAPECONFIG,
    PROMETHEUS,
    VMAGENT,
    VMSERVICESCRAPE,
    OTEL_COLLECTOR,
    ENVOY_STATS_TAGS,
    ISTIO_EXTRA_STAT_TAGS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** In which document a target stands that has several. */
  enum Form {
    BOOTSTRAP,
    ENVOYPROXY,
    ANNOTATION,
    MESHCONFIG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The filter's configuration; - for stdin. Without it: the empty one.")
  private String config;

  @Option(
      names = "--target",
      required = true,
      description = {
        "servicemonitor: a Service and a ServiceMonitor;",
        "podmonitor: a PodMonitor;",
        "scrapeconfig: a ScrapeConfig;",
        "prometheus: a prometheus.yml;",
        "vmagent: a scrape configuration with what only vmagent and VictoriaMetrics have;",
        "vmservicescrape: a Service and a VMServiceScrape;",
        "otel-collector: a transform processor;",
        "envoy-stats-tags: no rules, Envoy itself makes the labels;",
        "istio-extra-stat-tags: no rules, Istio's proxies themselves make the labels.",
      })
  private Target target;

  @Option(
      names = "--decode",
      description =
          "full: as much as the target can; common: as much as Prometheus can, so that targets may"
              + " be mixed; none: labels stay encoded, the rules are short (${DEFAULT-VALUE}).",
      defaultValue = "full")
  private Decoding.Mode mode;

  @Option(
      names = "--decode-alphabet",
      paramLabel = "CHARS",
      description = "Characters to decode beside letters and digits (-.@/: +_).")
  private String alphabet;

  @Option(
      names = "--decode-escapes",
      paramLabel = "N",
      description =
          "How many of them Prometheus decodes in one value; fewer make shorter rules (15).")
  private Integer escapes;

  @Option(
      names = "--name",
      description = "Kubernetes: name of the resources (${DEFAULT-VALUE}).",
      defaultValue = "nametag-envoy-metrics")
  private String name;

  @Option(
      names = "--namespace",
      description = "Kubernetes: where the proxies are (${DEFAULT-VALUE}).",
      defaultValue = "istio-system")
  private String namespace;

  @Option(
      names = "--monitor-namespace",
      description =
          "Kubernetes: where the resource with the rules goes; where the proxies are unless it is"
              + " named.")
  private String monitorNamespace;

  @Option(
      names = "--selector",
      paramLabel = "LABEL=VALUE",
      description =
          "Kubernetes: a label of the proxies' pods; may be repeated (istio=ingressgateway).")
  private Map<String, String> selector;

  @Option(
      names = "--monitor-label",
      paramLabel = "LABEL=VALUE",
      description =
          "Kubernetes: a label by which the operator finds the resource with the rules; may be"
              + " repeated (release=prometheus).")
  private Map<String, String> monitorLabels;

  @Option(
      names = "--port",
      description = "Kubernetes: where proxies serve their metrics (${DEFAULT-VALUE}).",
      defaultValue = "15090")
  private int port;

  @Option(
      names = "--port-name",
      description = "podmonitor: what the pods call that port (${DEFAULT-VALUE}).",
      defaultValue = PodMonitorTarget.DEFAULT_PORT_NAME)
  private String portName;

  @Option(
      names = "--scrape-timeout",
      description = "Kubernetes: for one scrape (${DEFAULT-VALUE}).",
      defaultValue = "10s")
  private String scrapeTimeout;

  @Option(
      names = "--job",
      description = "prometheus, vmagent: name of the scrape job (${DEFAULT-VALUE}).",
      defaultValue = "nametag")
  private String job;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description =
          "prometheus, vmagent: a proxy's metrics (127.0.0.1:15090); scrapeconfig: the same, instead"
              + " of pods; may be repeated.")
  private List<String> addresses;

  @Option(
      names = "--label",
      paramLabel = "LABEL=VALUE",
      description = "A label for all series of the addresses; may be repeated.")
  private Map<String, String> labels;

  @Option(
      names = "--interval",
      description = "Between scrapes (${DEFAULT-VALUE}).",
      defaultValue = "15s")
  private String interval;

  @Option(
      names = "--form",
      description =
          "envoy-stats-tags: bootstrap (default) or envoyproxy; istio-extra-stat-tags: annotation"
              + " (default) or meshconfig.")
  private Form form;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description =
          "Print nothing but what differs between this deployed file and what would be generated;"
              + " ends with 1 if anything does.")
  private String deployed;

  @Override
  public Integer call() {
    Schema schema = Input.configuration(config).schema();
    String yaml;
    try {
      yaml = generate(schema);
    } catch (UnsupportedSchemaException e) {
      String file = config == null ? "the empty configuration" : Input.name(config);
      throw new InputException(file + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
    if (deployed != null) {
      return DriftCheck.run(deployed, yaml, spec.commandLine().getOut());
    }
    spec.commandLine().getOut().print(yaml);
    return 0;
  }

  private String generate(Schema schema) {
    Decoding decoding = decoding();
    return switch (target) {
      case SERVICEMONITOR -> new ServiceMonitorTarget(pods()).yaml(schema, decoding);
      case PODMONITOR -> new PodMonitorTarget(pods(), portName).yaml(schema, decoding);
      case SCRAPECONFIG ->
          new ScrapeConfigTarget(
                  pods(),
                  addresses == null ? List.of() : addresses,
                  labels == null ? Map.of() : labels)
              .yaml(schema, decoding);
      case PROMETHEUS -> scrape().yaml(schema, decoding);
      case VMAGENT -> new VmagentTarget(scrape()).yaml(schema, decoding);
      case VMSERVICESCRAPE -> new VmServiceScrapeTarget(pods()).yaml(schema, decoding);
      case OTEL_COLLECTOR -> OtelCollectorTarget.yaml(schema, decoding);
      case ENVOY_STATS_TAGS ->
          form(Form.BOOTSTRAP, Form.ENVOYPROXY) == Form.BOOTSTRAP
              ? EnvoyStatsTagsTarget.bootstrap(schema)
              : EnvoyStatsTagsTarget.envoyProxy(schema, name, namespace);
      case ISTIO_EXTRA_STAT_TAGS ->
          form(Form.ANNOTATION, Form.MESHCONFIG) == Form.ANNOTATION
              ? IstioExtraStatTagsTarget.annotation(schema)
              : IstioExtraStatTagsTarget.meshConfig(schema);
    };
  }

  private Decoding decoding() {
    try {
      return new Decoding(
          mode,
          new LabelText(
              alphabet == null ? LabelText.DEFAULT.alphabet() : alphabet,
              escapes == null ? LabelText.DEFAULT.maxEscapes() : escapes));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--decode-" + e.getMessage().replaceFirst("^maxEscapes", "escapes"));
    }
  }

  private Form form(Form first, Form second) {
    if (form == null) {
      return first;
    }
    if (form != first && form != second) {
      throw new ParameterException(
          spec.commandLine(),
          "--form: " + form + ": the target " + target + " has " + first + " and " + second);
    }
    return form;
  }

  private ProxyPods pods() {
    return new ProxyPods(
        name,
        namespace,
        monitorNamespace == null ? namespace : monitorNamespace,
        selector == null ? ProxyPods.DEFAULT.selector() : selector,
        monitorLabels == null ? ProxyPods.DEFAULT.monitorLabels() : monitorLabels,
        port,
        interval,
        scrapeTimeout);
  }

  private PrometheusTarget scrape() {
    return new PrometheusTarget(
        job,
        addresses == null ? PrometheusTarget.DEFAULT.targets() : addresses,
        labels == null ? Map.of() : labels,
        interval);
  }
}
