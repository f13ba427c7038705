package dev.nametag.hostsim.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another filter of the chain, simulated as far as ours can see it. */
public sealed interface FilterSettings {

  /** Whose ways a filter has. */
  enum Style {
    /** Those of Envoy's own filters: dynamic metadata, response flags and details. */
    ENVOY,
    /**
     * Those of Kuadrant's filter up to 0.12: filter state with a JSON text for each value; answers
     * without flags and details.
     */
    KUADRANT
  }

  /**
   * Knows callers by their keys, as an authorization server behind ext_authz does.
   *
   * @param header where the key stands; in {@code authorization}, behind {@code Bearer}
   * @param keys the identity by the key; what PropertyValue.ofStruct takes
   * @param allowAnonymous whether calls without a key pass, without an identity
   * @param field of the metadata under which the identity stands
   */
  record ApiKeys(
      String header,
      Map<String, Map<String, Object>> keys,
      boolean allowAnonymous,
      Style style,
      String field)
      implements FilterSettings {

    /** Copies. */
    public ApiKeys {
      keys = Map.copyOf(keys);
    }
  }

  /**
   * Copies request headers to dynamic metadata.
   *
   * @param fields by the header, the field that its value goes to
   * @param remove whether the headers are taken away
   */
  record HeadersToMetadata(String namespace, Map<String, String> fields, boolean remove)
      implements FilterSettings {

    /** Copies. */
    public HeadersToMetadata {
      fields = Map.copyOf(fields);
    }
  }

  /** Decides by rules, the first that matches; a request that none matches passes. */
  record ExtAuthz(List<Rule> rules, boolean failureModeAllow) implements FilterSettings {

    /** Copies. */
    public ExtAuthz {
      rules = List.copyOf(rules);
    }
  }

  /** What a rule of ext_authz says. */
  enum Verdict {
    ALLOW,
    DENY,
    /** The authorization service fails. */
    ERROR
  }

  /**
   * A rule of ext_authz.
   *
   * @param when all of these must hold
   * @param status of the answer when it denies
   */
  record Rule(
      Optional<String> prefix,
      Optional<String> method,
      List<Condition> when,
      Verdict verdict,
      int status,
      String body) {

    /** Copies. */
    public Rule {
      when = List.copyOf(when);
    }
  }

  /** A bucket of tokens, one for all requests and workers; a request takes one. */
  record LocalRateLimit(int maxTokens, int tokensPerFill, Duration fillInterval)
      implements FilterSettings {}

  /** Counts requests in windows of time, as the rate limit service does, each limit by itself. */
  record RateLimit(List<Limit> limits, Style style) implements FilterSettings {

    /** Copies. */
    public RateLimit {
      limits = List.copyOf(limits);
    }
  }

  /**
   * How many requests pass.
   *
   * @param per the length of a window
   * @param by requests with the same values are counted together; one that lacks a value is not
   *     limited
   * @param when the limit is for requests for which all of these hold
   */
  record Limit(int requests, Duration per, List<Attribute> by, List<Condition> when) {

    /** Copies. */
    public Limit {
      by = List.copyOf(by);
      when = List.copyOf(when);
    }
  }

  /** An attribute of a request has that value, or a list with it. */
  record Condition(Attribute attribute, String value) {}

  /** Something of a request that filters look at. */
  sealed interface Attribute {

    /** A field of the identity that {@code api_keys} found. */
    record Identity(String field) implements Attribute {}

    /** A header of the request, its first value. */
    record Header(String name) implements Attribute {}

    /** The client's address, without the port. */
    record RemoteAddress() implements Attribute {}

    /** The path, without the query. */
    record Path() implements Attribute {}

    /**
     * The attribute that a text names: {@code identity.FIELD}, {@code header.NAME}, {@code
     * remote_address} or {@code path}; none if it names nothing.
     */
    static Optional<Attribute> parse(String text) {
      if (text.startsWith("identity.") && text.length() > "identity.".length()) {
        return Optional.of(new Identity(text.substring("identity.".length())));
      }
      if (text.startsWith("header.") && text.length() > "header.".length()) {
        return Optional.of(new Header(text.substring("header.".length())));
      }
      return switch (text) {
        case "remote_address" -> Optional.of(new RemoteAddress());
        case "path" -> Optional.of(new Path());
        default -> Optional.empty();
      };
    }
  }
}
