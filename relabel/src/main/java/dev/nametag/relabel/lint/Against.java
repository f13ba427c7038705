package dev.nametag.relabel.lint;

import dev.nametag.naming.Label;
import dev.nametag.naming.LosslessCodec;
import dev.nametag.naming.Metric;
import dev.nametag.naming.Names;
import dev.nametag.naming.Profile;
import dev.nametag.naming.Schema;
import dev.nametag.relabel.engine.LabelNames;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.explain.SeriesText;
import dev.nametag.relabel.generate.RuleGenerator;
import dev.nametag.relabel.generate.UnsupportedSchemaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a configuration with the page of a proxy that should run it.
 *
 * @param problems series of our metrics that the configuration cannot have written, and label sets
 *     that collide; one sentence each
 * @param notes metrics of the configuration that are not on the page: nobody has called yet, or the
 *     filter does not run
 */
public record Against(List<String> problems, List<String> notes) {
  /** On every page of a proxy with the filter. */
  private static final String OF_THE_FILTER = Names.RESERVED_PREFIX + "config_rejected";

  private static final int MAX_PROBLEMS = 50;

  /** Copies. */
  public Against {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /**
   * Returns what differs.
   *
   * @throws UnsupportedSchemaException if the names are of a profile of which the proxy, or nobody,
   *     makes labels: a page does not show what the filter wrote
   */
  public static Against of(Schema schema, PageSeries page) {
    RelabelRules rules = RuleGenerator.toRules(RuleGenerator.generate(schema));
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Map<Labels, Labels> firsts = new HashMap<>();
    var relabeler = rules.relabeler();
    int more = 0;
    boolean hasFilter = false;
    for (Labels series : page.series()) {
      hasFilter |= series.metricName().equals(OF_THE_FILTER);
      Optional<Metric> metric = metric(schema, series.metricName());
      if (metric.isEmpty()) {
        continue;
      }
      seen.add(metric.get().name());
      String problem = problem(schema, rules, metric.get(), series);
      if (problem.isEmpty()) {
        Labels result = relabeler.apply(series).orElse(series);
        Labels first = firsts.putIfAbsent(result, series);
        if (first != null) {
          problem = "has the same labels as " + SeriesText.of(first) + " after the generated rules";
        }
      }
      if (!problem.isEmpty() && problems.size() < MAX_PROBLEMS) {
        problems.add(SeriesText.of(series) + ": " + problem);
      } else if (!problem.isEmpty()) {
        more++;
      }
    }
    if (more > 0) {
      problems.add(more + " more");
    }
    if (seen.isEmpty() && !hasFilter && page.complete()) {
      problems.add(
          "neither a metric of the configuration nor the filter's own "
              + OF_THE_FILTER
              + " is there: is it the page of a proxy with the filter?");
    }
    List<String> notes = new ArrayList<>();
    for (Metric metric : schema.metrics()) {
      if (!seen.contains(metric.name())) {
        notes.add(metric.name() + ": not on the page");
      }
    }
    if (!page.complete()) {
      notes.add("only the first " + page.series().size() + " series were compared");
    }
    return new Against(problems, notes);
  }

  /** Returns the metric of ours that a name begins with; the longest, if several do. */
  private static Optional<Metric> metric(Schema schema, String name) {
    Metric found = null;
    for (Metric metric : schema.metrics()) {
      boolean own =
          name.equals(metric.name())
              || isSeriesOf(metric, name)
              || name.startsWith(metric.name() + "__");
      if (own && (found == null || metric.name().length() > found.name().length())) {
        found = metric;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Returns whether the name is that of a metric without labels with the suffix of a histogram. */
  private static boolean isSeriesOf(Metric metric, String name) {
    return metric.name().equals(Names.withoutHistogramSuffix(name));
  }

  /** Returns the name as the filter wrote it, without what the host puts behind a histogram's. */
  private static String withoutSuffix(Metric metric, String name) {
    String base = metric.isHistogram() ? Names.withoutHistogramSuffix(name) : null;
    if (base == null) {
      return name;
    }
    // Behind the separator itself it is no suffix but a value, such as that of a user called count.
    boolean isValue = base.endsWith("_") && !base.endsWith("__");
    return isValue ? name : base;
  }

  private static String problem(
      Schema schema, RelabelRules rules, Metric metric, Labels seriesOnPage) {
    String nameOnPage = seriesOnPage.metricName();
    String name = withoutSuffix(metric, nameOnPage);
    if (!metric.isHistogram() && isSeriesOf(metric, nameOnPage)) {
      return "has the suffix of a histogram; the configuration counts this metric";
    }
    if (metric.isHistogram() && name.equals(nameOnPage) && !seriesOnPage.has("quantile")) {
      return "has no suffix of a histogram; the configuration records this metric";
    }
    if (name.equals(metric.name())) {
      return metric.labels().isEmpty()
          ? ""
          : "has no labels in its name; the configuration gives this metric " + names(metric);
    }
    if (metric.labels().isEmpty()) {
      return "has labels in its name; the configuration gives this metric none";
    }
    if (schema.naming() == Profile.LOSSLESS) {
      LosslessCodec.Decoded decoded = LosslessCodec.decode(name);
      if (decoded == null) {
        return "is no name of the lossless profile";
      }
      List<String> found = decoded.labels().stream().map(LosslessCodec.DecodedLabel::name).toList();
      return found.equals(metric.labels().stream().map(Label::name).toList())
          ? ""
          : "has the labels " + found + "; the configuration gives this metric " + names(metric);
    }
    Labels series = Labels.of(LabelNames.METRIC_NAME, name);
    Optional<Labels> result = rules.apply(series);
    boolean whole =
        result.isPresent()
            && metric.labels().stream().allMatch(label -> result.get().has(label.publishedName()));
    return whole ? "" : "is no name that the generated rules can take apart";
  }

  private static String names(Metric metric) {
    return metric.labels().stream().map(Label::name).toList().toString();
  }
}
