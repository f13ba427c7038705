package dev.nametag.hostsim.testing;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.hostcall.LogLine;
import java.util.List;
import java.util.function.Consumer;

/** Guests for common needs, and the Envoys that run them. */
public final class Guests {

  private Guests() {}

  /** A module that runs the code in {@code proxy_on_log} and has no other callback. */
  public static ModuleBuilder inLog(Consumer<Code> code) {
    return new ModuleBuilder().function("proxy_on_log", "i32 -> void", code);
  }

  /** A module that runs the code in {@code proxy_on_configure}, which then says yes. */
  public static ModuleBuilder inConfigure(Consumer<Code> code) {
    return new ModuleBuilder()
        .function(
            "proxy_on_configure",
            "i32 i32 -> i32",
            body -> {
              code.accept(body);
              body.i32(1);
            });
  }

  /** A module that runs the code in {@code proxy_on_request_headers}, which then continues. */
  public static ModuleBuilder inRequestHeaders(Consumer<Code> code) {
    return inHeaders("proxy_on_request_headers", code);
  }

  /** A module that runs the code in {@code proxy_on_response_headers}, which then continues. */
  public static ModuleBuilder inResponseHeaders(Consumer<Code> code) {
    return inHeaders("proxy_on_response_headers", code);
  }

  private static ModuleBuilder inHeaders(String callback, Consumer<Code> code) {
    return new ModuleBuilder()
        .function(
            callback,
            "i32 i32 i32 -> i32",
            body -> {
              code.accept(body);
              body.i32(0);
            });
  }

  /**
   * A module that logs the callbacks of a stream: {@code request_headers}, with {@code end} where
   * the stream ends there; and reports, as gauges, the code that it finds in response headers and
   * in the log, with the result of the hostcall.
   */
  public static ModuleBuilder loggingCallbacks() {
    ModuleBuilder module =
        new ModuleBuilder()
            .function("proxy_on_context_create", "i32 i32 -> void", code -> code.log("create"))
            .function(
                "proxy_on_log",
                "i32 -> void",
                code -> {
                  code.log("log");
                  code.getProperty("response", "code").report("result of code in log");
                  code.returnedLong().reportLong("code in log");
                })
            .function("proxy_on_done", "i32 -> i32", code -> code.log("done").i32(1))
            .function("proxy_on_delete", "i32 -> void", code -> code.log("delete"));
    for (String callback :
        List.of("request_headers", "request_body", "response_headers", "response_body")) {
      module.function(
          "proxy_on_" + callback,
          "i32 i32 i32 -> i32",
          code -> {
            code.ifParameter(2, yes -> yes.log(callback + " end"), no -> no.log(callback));
            if (callback.equals("response_headers")) {
              code.getProperty("response", "code").drop();
              code.returnedLong().reportLong("code in response headers");
            }
            code.i32(0);
          });
    }
    for (String callback : List.of("request_trailers", "response_trailers")) {
      module.function("proxy_on_" + callback, "i32 i32 -> i32", code -> code.log(callback).i32(0));
    }
    return module;
  }

  /** An Envoy with one worker that runs the module. */
  public static SimulatedEnvoy start(ModuleBuilder module) {
    return Engines.envoy().module(module.build()).start();
  }

  /** What modules logged, without Envoy's prefix. */
  public static List<String> logged(SimulatedEnvoy envoy) {
    return envoy.logs().stream()
        .map(LogLine::message)
        .filter(message -> message.startsWith("wasm log"))
        .map(message -> message.substring(message.indexOf(": ") + 2))
        .toList();
  }
}
