package dev.nametag.manifests;

import dev.nametag.naming.Profile;

/** Configurations that several tests write manifests of. */
final class Configurations {
  private Configurations() {}

  /** Returns one that says everything a configuration can say, under a profile. */
  static Configuration of(Profile profile) {
    return Configuration.read("nametag.yaml", text(profile));
  }

  static String text(Profile profile) {
    String naming = profile == Profile.LOSSLESS ? "lossless" : "chargeback";
    return """
        naming: %s
        labels:
          user: [auth.identity.userid, 'request.path.split("/")[2]']
          group: {from: 'request.headers["x-group"]', trusted: true, rename: team}
          namespace: {value: 'llm-d: "ünï" # yes'}
        metrics:
          calls: {count: [authorized, limited], labels: [user, group, namespace]}
          limited_calls: {count: limited, labels: [user, group, namespace]}
          missing_total: {count: {outcome: authorized, code: 404}}
          good_total: {count: {outcome: all, code: 2xx}}
        budget: {series: 500, valueBytes: 64}
        """
        .formatted(naming);
  }
}
