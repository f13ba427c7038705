package dev.nametag.plugin;

import dev.nametag.abi.BufferType;
import dev.nametag.abi.Dispatcher;
import dev.nametag.abi.HostBytes;
import dev.nametag.abi.Hostcalls;
import dev.nametag.abi.HttpContext;
import dev.nametag.abi.LogLevel;
import dev.nametag.abi.RootContext;
import dev.nametag.abi.memory.MemoryMap;
import dev.nametag.abi.memory.RawHostcalls;
import dev.nametag.naming.Problem;
import dev.nametag.naming.Pseudonym;
import dev.nametag.naming.Schema;
import dev.nametag.naming.SchemaException;

/**
 * One configuration of the filter.
 *
 * <p>A filter that counts must not take traffic down. If the configuration is refused, the reasons
 * are logged as critical, the gauge {@code nametag_config_rejected} is 1, nothing is counted and
 * everything passes; unless the VM's environment says {@code NAMETAG_STRICT=true}, then the host is
 * told to refuse the configuration.
 */
public final class NametagFilter extends RootContext {
  /** The environment variable that makes the host refuse a wrong configuration. */
  public static final String STRICT = "NAMETAG_STRICT";

  private final Hostcalls host;

  // Streams need no state of their own: everything is read when they end.
  private Counters stream = Counters.OF_NOTHING;

  /** Talks to this host. */
  public NametagFilter(Hostcalls host) {
    this.host = host;
  }

  @Override
  public boolean onConfigure(int pluginConfigurationSize) {
    forget();
    RawHostcalls raw = host.raw();
    SelfMetrics self = new SelfMetrics(host, raw);
    try {
      String configuration = configuration(pluginConfigurationSize);
      Schema schema = Schema.parse(configuration);
      Pseudonym pseudonym = PseudonymKey.of(host, schema);
      stream = counters(schema, pseudonym, configuration, raw, self);
      self.configurationRejected(false);
      return true;
    } catch (SchemaException e) {
      for (Problem problem : e.problems()) {
        host.log(LogLevel.CRITICAL, "pluginConfig: " + problem);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      self.addError();
      Dispatcher.log(host, LogLevel.CRITICAL, "pluginConfig", e, "");
    }
    self.configurationRejected(true);
    return !"true".equals(host.environmentVariable(STRICT));
  }

  /** What has been begun when it fails gives its memory back. */
  private Counters counters(
      Schema schema,
      Pseudonym pseudonym,
      String configuration,
      RawHostcalls raw,
      SelfMetrics self) {
    Stream current = new Stream();
    MemoryMap map = null;
    try {
      map = new MemoryMap();
      return new Counters(host, raw, schema, pseudonym, configuration, self, current, map);
    } catch (RuntimeException | OutOfMemoryError e) {
      if (map != null) {
        map.free();
      }
      current.free();
      throw e;
    }
  }

  @Override
  public HttpContext createHttpContext(int contextId) {
    return stream;
  }

  private void forget() {
    Counters before = stream;
    stream = Counters.OF_NOTHING;
    before.free();
  }

  @Override
  public void onDelete() {
    forget();
  }

  @Override
  public HttpContext sharedHttpContext() {
    return stream;
  }

  private String configuration(int size) {
    if (size == 0) {
      return "";
    }
    HostBytes value = new HostBytes();
    if (!host.getBufferBytes(BufferType.PLUGIN_CONFIGURATION, 0, size, value)) {
      throw new IllegalStateException("the host does not give the configuration");
    }
    return value.text();
  }
}
