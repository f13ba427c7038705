package dev.nametag.hostsim.junit;

import static dev.nametag.hostsim.stream.StreamEnding.Position.AFTER_OURS;
import static dev.nametag.hostsim.stream.StreamEnding.rateLimited;

import dev.nametag.hostsim.hostcall.LogLevel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CallsByUserTest {

  @RegisterExtension
  static final EnvoyExtension envoy =
      EnvoyExtension.module(Path.of("../../plugin/target/nametag.wasm"))
          .configuration(
              """
              {"labels": {"user": "auth.identity.userid", "route": "xds.route_name"},
               "metrics": {"calls": {"count": "authorized", "labels": ["user", "route"]},
                           "limited": {"count": "limited", "labels": ["user"]},
                           "refused_total": {"count": "denied"}}}
              """)
          .workers(2);

  @Test
  void callsAreCountedByUserAndRouteOnAllWorkersTogether() {
    for (int i = 0; i < 3; i++) {
      Request request = envoy.request().get("/v1/models").route("models");
      identifiedAs("alice", request).answered(200).hasCode(200).metTheFilter();
    }

    envoy.assertThat().counter("calls__user__alice__route__models").isEqualTo(3);
    envoy.assertThat().hasLine("calls__user__alice__route__models{} 3");
  }

  @Test
  void aLimitedCallIsCountedAsLimitedOnly() {
    identifiedAs("bob", envoy.request().post("/v1/chat").header("content-type", "text/plain"))
        .ended(rateLimited(AFTER_OURS))
        .hasCode(429)
        .hasDetails("request_rate_limited")
        .upstreamWasNotAsked()
        .client(got -> got.hasStatus(429).hasHeader("x-envoy-ratelimited", "true"));

    envoy.assertThat().counter("limited__user__bob").isOne();
    envoy.assertThat().hasNoMetric("calls__user__bob__route__");
    envoy.assertThat().counter("refused_total").isZero();
  }

  @Test
  void theFilterLeavesRequestAndResponseAsTheyAre() {
    Request request =
        envoy
            .request()
            .post("/v1/chat")
            .header("authorization", "Bearer t0ken")
            .body("Hello?")
            .responseHeader("content-type", "text/plain")
            .responseBody("Hello!");

    identifiedAs("carol", request)
        .answered(200)
        .upstream(
            got ->
                got.hasHeader(":path", "/v1/chat")
                    .hasHeader("authorization", "Bearer t0ken")
                    .hasNoHeader("x-user")
                    .hasBody("Hello?"))
        .client(
            got ->
                got.hasStatus(200)
                    .hasHeader("content-type", "text/plain")
                    .hasBody("Hello!")
                    .isComplete());

    envoy.assertThat().counter("calls__user__carol__route__").isOne();
    envoy.assertThat().hasLoggedNothingFrom(LogLevel.WARN);
  }

  @Test
  void aConfigurationThatIsNoJsonIsReportedAndTrafficGoesOn() {
    envoy.configuration("{");

    envoy.request().get("/").answered(200).hasCode(200);

    envoy.assertThat().gauge("nametag_config_rejected").isOne();
    envoy
        .assertThat()
        .hasLogged(
            LogLevel.CRITICAL,
            "pluginConfig: line 1, column 2: expected a key in double quotes, found the end");
  }

  @Test
  void aStrictFilterRefusesSuchAConfiguration() {
    envoy.configuration("{").environment(Map.of("NAMETAG_STRICT", "true"));

    envoy.assertThatStartFails().hasMessageContaining("proxy_on_configure returned false");
  }

  private static Request identifiedAs(String user, Request request) {
    return request.metadata(
        "envoy.filters.http.ext_authz", Map.of("identity", Map.of("userid", user)));
  }
}
