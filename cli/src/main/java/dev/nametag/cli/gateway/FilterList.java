package dev.nametag.cli.gateway;

import dev.nametag.hostsim.gateway.FilterSettings;
import dev.nametag.hostsim.gateway.FilterSettings.Attribute;
import dev.nametag.hostsim.gateway.FilterSettings.Condition;
import dev.nametag.hostsim.gateway.FilterSettings.Limit;
import dev.nametag.hostsim.gateway.FilterSettings.Rule;
import dev.nametag.hostsim.gateway.FilterSettings.Style;
import dev.nametag.hostsim.gateway.FilterSettings.Verdict;
import dev.nametag.naming.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the {@code filters} of a gateway file: other filters in order, and {@code nametag} where
 * ours stands; without it, ours is the last.
 */
record FilterList(List<FilterSettings> before, List<FilterSettings> after) {
  private static final String OURS = "nametag";
  private static final String KINDS =
      "api_keys, headers_to_metadata, ext_authz, local_rate_limit, rate_limit, nametag";
  private static final Map<String, Style> STYLES =
      Map.of("envoy", Style.ENVOY, "kuadrant", Style.KUADRANT);

  static FilterList read(Fields root, List<Problem> problems) {
    return new Reader(problems).filters(root);
  }

  /** Takes one list apart. */
  private static final class Reader {
    private final List<Problem> problems;
    private final List<FilterSettings> before = new ArrayList<>();
    private final List<FilterSettings> after = new ArrayList<>();
    private boolean oursSeen;

    Reader(List<Problem> problems) {
      this.problems = problems;
    }

    FilterList filters(Fields root) {
      root.list("filters", this::filter)
          .forEach(each -> (each.afterOurs() ? after : before).add(each.settings()));
      return new FilterList(before, after);
    }

    /** A filter and its side. */
    private record Placed(FilterSettings settings, boolean afterOurs) {}

    private Optional<Placed> filter(Object item, String path) {
      if (OURS.equals(item)) {
        ours(path);
        return Optional.empty();
      }
      Fields fields = Fields.of(item, path, problems);
      if (fields.keys().size() != 1) {
        fields.problem("", "expected one of " + KINDS);
        return Optional.empty();
      }
      String kind = fields.keys().get(0);
      if (kind.equals(OURS)) {
        ours(path);
        fields.map(kind).done();
        return Optional.empty();
      }
      Optional<FilterSettings> read = filter(kind, fields.map(kind), fields);
      return read.map(settings -> new Placed(settings, oursSeen));
    }

    private void ours(String path) {
      if (oursSeen) {
        problems.add(new Problem(path, "nametag stands in the list twice"));
      }
      oursSeen = true;
    }

    private Optional<FilterSettings> filter(String kind, Fields inner, Fields outer) {
      Optional<FilterSettings> read =
          switch (kind) {
            case "api_keys" -> Optional.of(apiKeys(inner));
            case "headers_to_metadata" -> Optional.of(headersToMetadata(inner));
            case "ext_authz" -> Optional.of(extAuthz(inner));
            case "local_rate_limit" -> Optional.of(localRateLimit(inner));
            case "rate_limit" -> Optional.of(rateLimit(inner));
            default -> {
              outer.problem(kind, "no such filter; there are " + KINDS);
              yield Optional.empty();
            }
          };
      if (read.isPresent()) {
        inner.done();
      }
      return read;
    }

    private FilterSettings apiKeys(Fields fields) {
      Fields keys = fields.map("keys");
      Map<String, Map<String, Object>> identities = new LinkedHashMap<>();
      for (String key : keys.keys()) {
        identities.put(key, identity(keys, key));
      }
      return new FilterSettings.ApiKeys(
          fields.text("header").orElse("authorization"),
          identities,
          fields.choice("anonymous", false, Map.of("deny", false, "allow", true)),
          fields.choice("as", Style.ENVOY, STYLES),
          fields.text("field").orElse("identity"));
    }

    private Map<String, Object> identity(Fields keys, String key) {
      Fields fields = keys.map(key);
      Map<String, Object> identity = new LinkedHashMap<>();
      for (String field : fields.keys()) {
        Object value = fields.raw(field);
        if (value instanceof String || value instanceof Boolean || value instanceof Double) {
          identity.put(field, value);
        } else if (value instanceof Long number) {
          identity.put(field, (double) number);
        } else if (value instanceof List<?> list
            && list.stream().allMatch(String.class::isInstance)) {
          identity.put(field, list);
        } else {
          fields.problem(field, "expected a text, a number, true, false or a list of texts");
        }
      }
      return identity;
    }

    private FilterSettings headersToMetadata(Fields fields) {
      Fields headers = fields.map("headers");
      Map<String, String> targets = new LinkedHashMap<>();
      for (String header : headers.keys()) {
        headers.text(header).ifPresent(field -> targets.put(header, field));
      }
      return new FilterSettings.HeadersToMetadata(
          fields.text("namespace").orElse("envoy.lb"), targets, fields.flag("remove", false));
    }

    private FilterSettings extAuthz(Fields fields) {
      return new FilterSettings.ExtAuthz(
          fields.list("rules", this::rule), fields.flag("failure_mode_allow", false));
    }

    private Optional<Rule> rule(Object item, String path) {
      Fields fields = Fields.of(item, path, problems);
      Rule rule =
          new Rule(
              fields.text("prefix"),
              fields.text("method"),
              conditions(fields),
              fields.choice(
                  "verdict",
                  Verdict.DENY,
                  Map.of("allow", Verdict.ALLOW, "deny", Verdict.DENY, "error", Verdict.ERROR)),
              fields.number("status", 403, 400, 599),
              fields.text("body").orElse(""));
      fields.done();
      return Optional.of(rule);
    }

    private List<Condition> conditions(Fields fields) {
      Fields when = fields.map("when");
      List<Condition> conditions = new ArrayList<>();
      for (String name : when.keys()) {
        Optional<Attribute> attribute = attribute(name, when.path(name));
        when.text(name)
            .ifPresent(value -> attribute.ifPresent(a -> conditions.add(new Condition(a, value))));
      }
      return conditions;
    }

    private Optional<Attribute> attribute(String name, String path) {
      Optional<Attribute> attribute = Attribute.parse(name);
      if (attribute.isEmpty()) {
        problems.add(
            new Problem(
                path,
                "expected identity.FIELD, header.NAME, remote_address or path, found "
                    + Fields.shown(name)));
      }
      return attribute;
    }

    private FilterSettings localRateLimit(Fields fields) {
      int most = fields.number("max_tokens", 1, 1, Integer.MAX_VALUE);
      return new FilterSettings.LocalRateLimit(
          most,
          fields.number("tokens_per_fill", most, 1, Integer.MAX_VALUE),
          fields.positiveDuration("fill_interval").orElse(Duration.ofSeconds(1)));
    }

    private FilterSettings rateLimit(Fields fields) {
      return new FilterSettings.RateLimit(
          fields.list("limits", this::limit), fields.choice("as", Style.ENVOY, STYLES));
    }

    private Optional<Limit> limit(Object item, String path) {
      Fields fields = Fields.of(item, path, problems);
      Limit limit =
          new Limit(
              fields.number("requests", 0, 0, Integer.MAX_VALUE),
              fields.positiveDuration("per").orElse(Duration.ofMinutes(1)),
              fields.list("by", (each, where) -> attribute(String.valueOf(each), where)),
              conditions(fields));
      fields.done();
      return Optional.of(limit);
    }
  }
}
