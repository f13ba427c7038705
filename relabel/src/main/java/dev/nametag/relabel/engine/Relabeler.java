package dev.nametag.relabel.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs rules on one label set after another; belongs to one thread.
 *
 * <p>Runs once per series: it reuses its buffers and lets each regex remember its last answer.
 *
 * <p>Source: Prometheus model/relabel/relabel.go, relabel.
 */
public final class Relabeler {
  private final List<RelabelRules.CompiledRule> rules;
  private final RegexProgram.Run[] runs;
  private final LabelEditor editor = new LabelEditor();
  private final StringBuilder text = new StringBuilder();
  private final MessageDigest md5;

  /** Whether the condition of the rule that ran last held. */
  private boolean matched;

  Relabeler(RelabelRules rules) {
    this.rules = rules.compiled();
    this.runs =
        rules.programs().stream().map(RegexProgram::newRun).toArray(RegexProgram.Run[]::new);
    try {
      this.md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /** Returns the labels after the last rule, or nothing if a rule dropped the series. */
  public Optional<Labels> apply(Labels labels) {
    editor.reset(labels);
    for (RelabelRules.CompiledRule rule : rules) {
      if (!run(rule)) {
        return Optional.empty();
      }
    }
    return Optional.of(editor.labels());
  }

  List<RelabelStep> trace(Labels labels) {
    List<RelabelStep> steps = new ArrayList<>();
    editor.reset(labels);
    Labels before = labels;
    for (int i = 0; i < rules.size(); i++) {
      boolean kept = run(rules.get(i));
      Optional<Labels> after = kept ? Optional.of(editor.labels()) : Optional.empty();
      steps.add(new RelabelStep(i, rules.get(i).rule(), matched, before, after));
      if (!kept) {
        break;
      }
      before = after.get();
    }
    return steps;
  }

  /** Runs one rule on the editor; false if the series is dropped. */
  private boolean run(RelabelRules.CompiledRule compiled) {
    RelabelRule rule = compiled.rule();
    if (!rule.conditions().isEmpty() && !holds(rule.conditions())) {
      matched = false;
      // Source: VictoriaMetrics documentation, Relabeling: keep drops what `if` does not match.
      return rule.action() != RelabelAction.KEEP;
    }
    RegexProgram.Run regex = runs[compiled.program()];
    String source = source(rule);
    matched = true;
    return switch (rule.action()) {
      case REPLACE -> {
        matched = regex.matches(source);
        if (matched) {
          replace(compiled, regex);
        }
        yield true;
      }
      case KEEP -> {
        matched = regex.matches(source);
        yield matched;
      }
      case DROP -> {
        matched = regex.matches(source);
        yield !matched;
      }
      case KEEPEQUAL -> {
        matched = editor.get(rule.targetLabel()).equals(source);
        yield matched;
      }
      case DROPEQUAL -> {
        matched = editor.get(rule.targetLabel()).equals(source);
        yield !matched;
      }
      case HASHMOD -> {
        long hash = lastEightBytesOfMd5(source);
        long remainder = Long.remainderUnsigned(hash, rule.modulus());
        editor.set(rule.targetLabel(), Long.toUnsignedString(remainder));
        yield true;
      }
      case LABELMAP -> {
        mapLabels(compiled, regex);
        yield true;
      }
      case REPLACE_ALL -> {
        matched = regex.matches(source);
        if (matched) {
          String replaced = replacedIn(source, compiled, regex);
          if (!replaced.equals(source)) {
            editor.set(rule.targetLabel(), replaced);
          }
        }
        yield true;
      }
      case LABELMAP_ALL -> {
        renameLabels(compiled, regex);
        yield true;
      }
      case KEEP_IF_EQUAL -> {
        matched = areEqual(rule.sourceLabels());
        yield matched;
      }
      case DROP_IF_EQUAL -> {
        matched = areEqual(rule.sourceLabels());
        yield !matched;
      }
      case KEEP_METRICS -> {
        matched = regex.matches(editor.get(LabelNames.METRIC_NAME));
        yield matched;
      }
      case DROP_METRICS -> {
        matched = regex.matches(editor.get(LabelNames.METRIC_NAME));
        yield !matched;
      }
      case LABELDROP -> {
        removeLabels(regex, true);
        yield true;
      }
      case LABELKEEP -> {
        removeLabels(regex, false);
        yield true;
      }
      case LOWERCASE -> {
        editor.set(rule.targetLabel(), Text.toLowerCase(source));
        yield true;
      }
      case UPPERCASE -> {
        editor.set(rule.targetLabel(), Text.toUpperCase(source));
        yield true;
      }
    };
  }

  private String source(RelabelRule rule) {
    List<String> names = rule.sourceLabels();
    if (names.isEmpty()) {
      return "";
    }
    if (names.size() == 1) {
      return editor.get(names.get(0));
    }
    text.setLength(0);
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        text.append(rule.separator());
      }
      text.append(editor.get(names.get(i)));
    }
    return text.toString();
  }

  private void replace(RelabelRules.CompiledRule rule, RegexProgram.Run regex) {
    String target = rule.target().constant();
    if (target == null) {
      target = expand(rule.target(), regex);
      if (!rule.rule().dialect().isLabelName(target)) {
        return;
      }
    }
    editor.set(target, expand(rule.replacement(), regex));
  }

  private String expand(Template template, RegexProgram.Run regex) {
    text.setLength(0);
    template.expand(regex, text);
    return text.toString();
  }

  private void mapLabels(RelabelRules.CompiledRule rule, RegexProgram.Run regex) {
    String[] names = editor.namesNow();
    String[] values = editor.valuesNow();
    matched = false;
    for (int i = 0; i < names.length; i++) {
      if (regex.matches(names[i])) {
        matched = true;
        text.setLength(0);
        regex.appendReplaced(rule.replacement(), text);
        editor.set(text.toString(), values[i]);
      }
    }
  }

  /** Gives labels other names; unlike labelmap it does not keep those under the old name. */
  private void renameLabels(RelabelRules.CompiledRule rule, RegexProgram.Run regex) {
    String[] names = editor.namesNow();
    String[] values = editor.valuesNow();
    matched = false;
    for (int i = 0; i < names.length; i++) {
      if (regex.matches(names[i])) {
        matched = true;
        String renamed = replacedIn(names[i], rule, regex);
        if (!renamed.equals(names[i])) {
          editor.remove(names[i]);
          editor.set(renamed, values[i]);
        }
      }
    }
  }

  private String replacedIn(String source, RelabelRules.CompiledRule rule, RegexProgram.Run regex) {
    StringBuilder replaced = new StringBuilder(source.length());
    regex.appendReplaced(rule.replacement(), replaced);
    return replaced.toString();
  }

  private boolean areEqual(List<String> names) {
    String first = editor.get(names.get(0));
    return names.stream().allMatch(name -> editor.get(name).equals(first));
  }

  private boolean holds(List<SeriesSelector> conditions) {
    for (SeriesSelector condition : conditions) {
      if (condition.matches(editor::get)) {
        return true;
      }
    }
    return false;
  }

  private void removeLabels(RegexProgram.Run regex, boolean matching) {
    matched = false;
    for (String name : editor.namesNow()) {
      boolean matches = regex.matches(name);
      matched |= matches;
      if (matches == matching) {
        editor.remove(name);
      }
    }
  }

  private long lastEightBytesOfMd5(String source) {
    byte[] digest = md5.digest(source.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong(8);
  }
}
