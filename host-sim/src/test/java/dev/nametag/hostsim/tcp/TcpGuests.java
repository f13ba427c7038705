package dev.nametag.hostsim.tcp;

import dev.nametag.hostsim.SimulatedEnvoy;
import dev.nametag.hostsim.testing.Engines;
import dev.nametag.hostsim.testing.Guests;
import dev.nametag.hostsim.testing.Wat;
import dev.nametag.hostsim.time.ManualClock;
import java.util.List;

/** Modules that are network filters, and the Envoys that run them. */
final class TcpGuests {

  /** What follows a word in the log: a digit. */
  private static final String SAY =
      """
      (func $say (param i32 i32 i32)
        (i32.store8 (i32.const 512) (i32.add (i32.const 48) (local.get 2)))
        (memory.copy (i32.const 513) (local.get 0) (local.get 1))
        (drop (call $proxy_log (i32.const 2) (i32.const 512)
          (i32.add (local.get 1) (i32.const 1)))))
      """;

  /**
   * A module that logs each callback of a connection with a number before it: the end of data, or
   * who has closed. All it answers is in the globals {@code $new}, {@code $down} and {@code $up}.
   */
  static final String LOGGING =
      """
      (global $new (mut i32) (i32.const 0))
      (global $down (mut i32) (i32.const 0))
      (global $up (mut i32) (i32.const 0))
      (func (export "proxy_on_context_create") (param i32 i32)
        (if (local.get 1) (then (call $say « create» (i32.const 0)))))
      (func (export "proxy_on_new_connection") (param i32) (result i32)
        (call $say « new» (i32.const 0))
        (global.get $new))
      (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32)
        (call $say « downstream» (local.get 2))
        (call $show (i32.const 2) (local.get 1))
        (global.get $down))
      (func (export "proxy_on_upstream_data") (param i32 i32 i32) (result i32)
        (call $say « upstream» (local.get 2))
        (call $show (i32.const 3) (local.get 1))
        (global.get $up))
      (func (export "proxy_on_downstream_connection_close") (param i32 i32)
        (call $say « downstream closed» (local.get 1)))
      (func (export "proxy_on_upstream_connection_close") (param i32 i32)
        (call $say « upstream closed» (local.get 1)))
      (func (export "proxy_on_done") (param i32) (result i32)
        (call $say « done» (i32.const 0))
        (i32.const 1))
      (func (export "proxy_on_log") (param i32) (call $say « log» (i32.const 0)))
      (func (export "proxy_on_delete") (param i32) (call $say « delete» (i32.const 0)))
      """;

  /** Logs that many bytes of the buffer. */
  private static final String SHOW =
      """
      (func $show (param i32 i32)
        (if (local.get 1) (then
          (drop (call $proxy_get_buffer_bytes (local.get 0) (i32.const 0) (local.get 1)
            (i32.const 600) (i32.const 604)))
          (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 600))
            (i32.load (i32.const 604)))))))
      """;

  private TcpGuests() {}

  static byte[] module(String functions) {
    return Wat.guest(functions + SAY + SHOW);
  }

  /** {@link #LOGGING} with other answers. */
  static byte[] answering(int newConnection, int downstream, int upstream) {
    return module(
        LOGGING
            .replace("(global $new (mut i32) (i32.const 0))", global("new", newConnection))
            .replace("(global $down (mut i32) (i32.const 0))", global("down", downstream))
            .replace("(global $up (mut i32) (i32.const 0))", global("up", upstream)));
  }

  private static String global(String name, int value) {
    return "(global $" + name + " (mut i32) (i32.const " + value + "))";
  }

  static SimulatedEnvoy start(byte[] module) {
    return builder(module).start();
  }

  static SimulatedEnvoy.Builder builder(byte[] module) {
    return Engines.envoy().module(module).clock(new ManualClock());
  }

  static List<String> logged(SimulatedEnvoy envoy) {
    return Guests.logged(envoy);
  }
}
