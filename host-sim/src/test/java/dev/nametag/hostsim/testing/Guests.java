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
