package dev.nametag.cli;

import dev.nametag.cli.gateway.Profile;
import dev.nametag.cli.gateway.StatsConfig;
import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.release.EnvoyVersion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** Which Envoy is simulated. */
final class ProxyOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--envoy-version",
      paramLabel = "X.Y",
      converter = Release.class,
      description =
          "The release of Envoy, for the module and for the pages, such as 1.33 (the latest that is"
              + " simulated).")
  private EnvoyVersion version = EnvoyVersion.LATEST;

  @Option(
      names = "--profile",
      defaultValue = "envoy",
      description =
          "Whose bootstrap it has, which says what becomes a label: envoy, istio or envoy-gateway"
              + " (${DEFAULT-VALUE}).")
  private Profile profile;

  @Option(
      names = "--extra-stat-tags",
      paramLabel = "TAG",
      split = ",",
      description = "Istio's extraStatTags, with commas between; may be repeated.")
  private List<String> extraStatTags = List.of();

  @Option(
      names = "--node-id",
      paramLabel = "ID",
      defaultValue = "",
      description = "The id of the proxy itself.")
  private String nodeId;

  @Option(
      names = "--node-cluster",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The cluster that the proxy itself belongs to.")
  private String nodeCluster;

  void configure(SimulatedEnvoy.Builder builder, StatsConfig stats) {
    if (profile != Profile.ISTIO && !extraStatTags.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--extra-stat-tags: only with --profile istio");
    }
    builder.envoyVersion(version).node(nodeId, nodeCluster).stats(stats.in(profile, extraStatTags));
    stats.flushInterval().ifPresent(builder::statsFlushInterval);
  }

  /** A release by its number. */
  static final class Release implements ITypeConverter<EnvoyVersion> {
    private static final Pattern NUMBER = Pattern.compile("1\\.(\\d{1,4})");

    @Override
    public EnvoyVersion convert(String text) {
      Matcher number = NUMBER.matcher(text);
      if (!number.matches()) {
        throw new TypeConversionException("expected a release such as 1.39, not " + text);
      }
      try {
        return EnvoyVersion.of(Integer.parseInt(number.group(1)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
