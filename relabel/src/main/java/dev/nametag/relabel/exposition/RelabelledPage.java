package dev.nametag.relabel.exposition;

import dev.nametag.relabel.engine.Dialect;
import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.Relabeler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A page after relabel rules, with everything that did not come through as it was.
 *
 * <p>Holds the whole result in memory, up to a bound.
 */
public final class RelabelledPage {
  private final List<Sample> samples = new ArrayList<>();
  private final List<Duplicate> duplicates = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();
  private long read;
  private long dropped;

  /** The raw labels of the sample that came first, by what it became. */
  private final Map<Key, Labels> firsts = new HashMap<>();

  /** TYPE and HELP of the page, by the raw family. */
  private final Map<String, MetricType> rawTypes = new HashMap<>();

  private final Map<String, String> rawHelp = new HashMap<>();

  /** The samples by resulting family, and what is said of the family. */
  private final Map<String, Family> families = new LinkedHashMap<>();

  private final Set<String> typeConflicts = new LinkedHashSet<>();

  private final Dialect dialect;
  private final MemoryBound bound;

  private RelabelledPage(Dialect dialect, MemoryBound bound) {
    this.dialect = dialect;
    this.bound = bound;
  }

  /**
   * A sample that became one that was there already. Prometheus keeps the first and does not store
   * the other; if their values differ, it says so only in its own log and counters.
   *
   * @param sample the sample that was not kept, as it became
   * @param raw the labels it had on the page
   * @param firstRaw the labels that the kept sample had on the page
   */
  public record Duplicate(Sample sample, Labels raw, Labels firstRaw) {}

  /**
   * A sample that Prometheus does not take; it then refuses the whole page.
   *
   * @param sample the sample as it became
   * @param raw the labels it had on the page
   * @param reason what is wrong with it
   */
  public record Refused(Sample sample, Labels raw, String reason) {}

  /** Returns the page after the rules; {@code page} is read to its end, and not bounded. */
  public static RelabelledPage of(Iterator<ExpositionLine> page, RelabelRules rules) {
    return of(page, rules, new MemoryBound(Long.MAX_VALUE));
  }

  /**
   * Returns the page after the rules; {@code page} is read to its end.
   *
   * @throws PageTooLargeException if it does not fit into the bound
   */
  public static RelabelledPage of(
      Iterator<ExpositionLine> page, RelabelRules rules, MemoryBound bound) {
    RelabelledPage result = new RelabelledPage(rules.dialect(), bound);
    Relabeler relabeler = rules.relabeler();
    page.forEachRemaining(line -> result.add(line, relabeler));
    return result;
  }

  private void add(ExpositionLine line, Relabeler relabeler) {
    if (line instanceof TypeLine type) {
      keep(bound.add(type.family()));
      rawTypes.put(type.family(), type.type());
    } else if (line instanceof HelpLine help) {
      keep(bound.add(help.family()) && bound.add(help.help()));
      rawHelp.put(help.family(), help.help());
    } else if (line instanceof Sample sample) {
      read++;
      add(sample, relabeler);
    }
  }

  private void keep(boolean fits) {
    if (!fits) {
      throw new PageTooLargeException(bound.limitBytes());
    }
  }

  private void add(Sample raw, Relabeler relabeler) {
    Optional<Labels> labels = relabeler.apply(raw.labels());
    if (labels.isEmpty()) {
      dropped++;
      return;
    }
    keep(bound.add(raw.labels()) && bound.add(labels.get()));
    Sample sample = raw.withLabels(labels.get());
    String reason = reasonToRefuse(raw.labels(), labels.get(), dialect);
    if (!reason.isEmpty()) {
      refused.add(new Refused(sample, raw.labels(), reason));
      return;
    }
    Labels first =
        firsts.putIfAbsent(new Key(sample.labels(), sample.timestampMillis()), raw.labels());
    if (first != null) {
      duplicates.add(new Duplicate(sample, raw.labels(), first));
      return;
    }
    samples.add(sample);
    addToFamily(raw.name(), sample);
  }

  /** Names that the rules may not make are taken if the page had them. */
  private static String reasonToRefuse(Labels raw, Labels labels, Dialect dialect) {
    String metricName = labels.metricName();
    if (metricName.isEmpty()) {
      return dialect == Dialect.VMAGENT
          ? "is left without a metric name, which no page can show"
          : "missing metric name (__name__ label)";
    }
    if (!dialect.isMetricName(metricName) && !metricName.equals(raw.metricName())) {
      return "invalid metric name: " + metricName;
    }
    for (int i = 0; i < labels.size(); i++) {
      String name = labels.name(i);
      if (!dialect.isLabelName(name) && !raw.has(name)) {
        return name.isEmpty() ? "a label without a name" : "invalid label name: " + name;
      }
    }
    return "";
  }

  private void addToFamily(String rawName, Sample sample) {
    String rawFamily = rawFamily(rawName);
    MetricType type = rawTypes.get(rawFamily);
    String suffix = type == null ? "" : rawName.substring(rawFamily.length());
    String name = sample.name();
    boolean keepsSuffix = name.endsWith(suffix) && name.length() > suffix.length();
    if (!keepsSuffix) {
      type = null;
    }
    String familyName = type == null ? name : name.substring(0, name.length() - suffix.length());
    Family family = families.computeIfAbsent(familyName, key -> new Family());
    family.samples.add(sample);
    family.types.add(Optional.ofNullable(type));
    if (family.types.size() > 1) {
      typeConflicts.add(familyName);
    }
    if (family.help == null) {
      family.help = rawHelp.get(rawFamily);
    }
  }

  /** Returns the family that a TYPE line declared for a sample, or the sample's name. */
  private String rawFamily(String name) {
    for (String suffix : new String[] {"", "_bucket", "_sum", "_count"}) {
      if (name.endsWith(suffix)) {
        String family = name.substring(0, name.length() - suffix.length());
        MetricType type = rawTypes.get(family);
        if (type != null && type.suffix(family, name).isPresent()) {
          return family;
        }
      }
    }
    return name;
  }

  /** Returns the samples that Prometheus would store, in the order of the page. */
  public List<Sample> samples() {
    return Collections.unmodifiableList(samples);
  }

  /** Returns how many samples the page had. */
  public long readCount() {
    return read;
  }

  /** Returns how many samples the rules dropped. */
  public long droppedCount() {
    return dropped;
  }

  /** Returns the samples that became what another had become before, in the order of the page. */
  public List<Duplicate> duplicates() {
    return Collections.unmodifiableList(duplicates);
  }

  /** Returns the samples for which Prometheus would refuse the page. */
  public List<Refused> refused() {
    return Collections.unmodifiableList(refused);
  }

  /** Returns the resulting families that samples of different types ended in. */
  public Set<String> typeConflicts() {
    return Collections.unmodifiableSet(typeConflicts);
  }

  /**
   * Returns the page that results: the samples by family, families in the order of their first
   * sample, each with its HELP and TYPE. A family in which types meet has no TYPE line.
   */
  public List<ExpositionLine> lines() {
    List<ExpositionLine> lines = new ArrayList<>();
    families.forEach(
        (name, family) -> {
          if (family.help != null) {
            lines.add(new HelpLine(name, family.help));
          }
          if (family.types.size() == 1) {
            family.types.iterator().next().ifPresent(type -> lines.add(new TypeLine(name, type)));
          }
          lines.addAll(family.samples);
        });
    return lines;
  }

  /** Two samples with the same labels and different times are no duplicates. */
  private record Key(Labels labels, OptionalLong timestampMillis) {}

  private static final class Family {
    private final List<Sample> samples = new ArrayList<>();
    private final Set<Optional<MetricType>> types = new HashSet<>();
    private String help;
  }
}
