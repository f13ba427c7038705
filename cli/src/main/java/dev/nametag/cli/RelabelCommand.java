package dev.nametag.cli;

import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.RelabelRulesReader;
import dev.nametag.relabel.exposition.ExpositionReader;
import dev.nametag.relabel.exposition.ExpositionWriter;
import dev.nametag.relabel.exposition.RelabelledPage;
import dev.nametag.relabel.generate.PrometheusTarget;
import dev.nametag.relabel.generate.ServiceMonitorTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nametag relabel}. */
@Command(
    name = "relabel",
    description = "Generates and runs the rules that turn names back into labels.",
    mixinStandardHelpOptions = true,
    subcommands = RelabelCommand.Generate.class)
final class RelabelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command: generate or apply");
  }

  @Command(
      name = "apply",
      description = {
        "Runs relabel rules on a page of metrics and prints the page that results.",
        "",
        "Series that end up with the same labels are reported on stderr: Prometheus keeps the first"
            + " of them and drops the others.",
      },
      mixinStandardHelpOptions = true)
  int apply(
      @Option(
              names = "--rules",
              required = true,
              paramLabel = "FILE",
              description =
                  "Rules: a bare list, a prometheus.yml, or a ServiceMonitor, PodMonitor or"
                      + " ScrapeConfig.")
          String rulesFile,
      @Parameters(
              arity = "0..1",
              paramLabel = "PAGE",
              defaultValue = "-",
              description = "A page in the Prometheus text format; stdin if none is named.")
          String page)
      throws IOException {
    RelabelRules rules = RelabelRulesReader.read(Input.name(rulesFile), Input.text(rulesFile));
    RelabelledPage result;
    try (InputStream in = Input.open(page)) {
      result = RelabelledPage.of(new ExpositionReader(in, Input.name(page)), rules);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(ExpositionWriter.toText(result.lines()));
    PrintWriter err = spec.commandLine().getErr();
    for (RelabelledPage.Duplicate duplicate : result.duplicates()) {
      err.println(
          Input.name(page)
              + ": "
              + duplicate.raw()
              + ": has the same labels as "
              + duplicate.firstRaw()
              + "; Prometheus drops it");
    }
    for (RelabelledPage.Refused refused : result.refused()) {
      err.println(Input.name(page) + ": " + refused.raw() + ": " + refused.reason());
    }
    err.flush();
    return 0;
  }

  /** Where rules go. */
  enum Target {
    /** A Service and a ServiceMonitor. */
    SERVICEMONITOR,
    /** A prometheus.yml. */
    PROMETHEUS
  }

  @Command(
      name = "generate",
      description = "Prints the rules for a configuration, ready to be applied.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Generate implements Runnable {
    @Spec private CommandSpec spec;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The filter's configuration; - for stdin. Without it: the empty one.")
    private String config;

    @Option(
        names = "--target",
        required = true,
        description =
            "servicemonitor: a Service and a ServiceMonitor; prometheus: a prometheus.yml.")
    private Target target;

    @Option(
        names = "--name",
        description = "servicemonitor: name of both resources (${DEFAULT-VALUE}).",
        defaultValue = "nametag-envoy-metrics")
    private String name;

    @Option(
        names = "--namespace",
        description = "servicemonitor: where the proxies are (${DEFAULT-VALUE}).",
        defaultValue = "istio-system")
    private String namespace;

    @Option(
        names = "--monitor-namespace",
        description = "servicemonitor: where the ServiceMonitor goes; where the proxies are.")
    private String monitorNamespace;

    @Option(
        names = "--selector",
        paramLabel = "LABEL=VALUE",
        description =
            "servicemonitor: a label of the proxies' pods; may be repeated (istio=ingressgateway).")
    private Map<String, String> selector;

    @Option(
        names = "--monitor-label",
        paramLabel = "LABEL=VALUE",
        description =
            "servicemonitor: a label by which Prometheus finds the ServiceMonitor; may be repeated"
                + " (release=prometheus).")
    private Map<String, String> monitorLabels;

    @Option(
        names = "--port",
        description = "servicemonitor: where proxies serve their metrics (${DEFAULT-VALUE}).",
        defaultValue = "15090")
    private int port;

    @Option(
        names = "--scrape-timeout",
        description = "servicemonitor: for one scrape (${DEFAULT-VALUE}).",
        defaultValue = "10s")
    private String scrapeTimeout;

    @Option(
        names = "--job",
        description = "prometheus: name of the scrape job (${DEFAULT-VALUE}).",
        defaultValue = "nametag")
    private String job;

    @Option(
        names = "--address",
        paramLabel = "HOST:PORT",
        description = "prometheus: a proxy's metrics; may be repeated (127.0.0.1:15090).")
    private List<String> addresses;

    @Option(
        names = "--label",
        paramLabel = "LABEL=VALUE",
        description = "prometheus: a label for all series of the job; may be repeated.")
    private Map<String, String> labels;

    @Option(
        names = "--interval",
        description = "Between scrapes (${DEFAULT-VALUE}).",
        defaultValue = "15s")
    private String interval;

    @Override
    public void run() {
      Schema schema = Input.configuration(config).schema();
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          switch (target) {
            case SERVICEMONITOR -> serviceMonitor().yaml(schema);
            case PROMETHEUS -> prometheus().yaml(schema);
          });
    }

    private ServiceMonitorTarget serviceMonitor() {
      return new ServiceMonitorTarget(
          name,
          namespace,
          monitorNamespace == null ? namespace : monitorNamespace,
          selector == null ? ServiceMonitorTarget.DEFAULT.selector() : selector,
          monitorLabels == null ? ServiceMonitorTarget.DEFAULT.monitorLabels() : monitorLabels,
          port,
          interval,
          scrapeTimeout);
    }

    private PrometheusTarget prometheus() {
      return new PrometheusTarget(
          job,
          addresses == null ? PrometheusTarget.DEFAULT.targets() : addresses,
          labels == null ? Map.of() : labels,
          interval);
    }
  }
}
