package dev.nametag.relabel.unittest;

import dev.nametag.relabel.engine.Labels;
import dev.nametag.relabel.engine.RelabelRules;
import dev.nametag.relabel.engine.Relabeler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One test.
 *
 * @param name what it shows
 * @param input the series before the rules
 * @param expect the series that must come out, in any order; one for each input that is not
 *     dropped, so that inputs which become the same series are seen
 */
public record RelabelTest(String name, List<Labels> input, List<Labels> expect) {
  /** Copies. */
  public RelabelTest {
    input = List.copyOf(input);
    expect = List.copyOf(expect);
  }

  /** Returns what comes of running the rules. */
  public RelabelTestResult run(RelabelRules rules) {
    Relabeler relabeler = rules.relabeler();
    List<Labels> missing = new ArrayList<>(expect);
    List<RelabelTestResult.Unexpected> unexpected = new ArrayList<>();
    for (Labels series : input) {
      Optional<Labels> result = relabeler.apply(series);
      if (result.isPresent() && !missing.remove(result.get())) {
        unexpected.add(new RelabelTestResult.Unexpected(result.get(), series));
      }
    }
    List<RelabelTestResult.Difference> different = new ArrayList<>();
    for (Labels wanted : List.copyOf(missing)) {
      Optional<RelabelTestResult.Unexpected> nearest =
          unexpected.stream()
              .filter(found -> found.labels().metricName().equals(wanted.metricName()))
              .max(Comparator.comparingInt(found -> common(found.labels(), wanted)));
      nearest.ifPresent(
          found -> {
            different.add(new RelabelTestResult.Difference(wanted, found));
            unexpected.remove(found);
            missing.remove(wanted);
          });
    }
    return new RelabelTestResult(this, missing, unexpected, different);
  }

  private static int common(Labels one, Labels other) {
    int count = 0;
    for (int i = 0; i < one.size(); i++) {
      count += other.get(one.name(i)).equals(one.value(i)) ? 1 : 0;
    }
    return count;
  }
}
