package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import java.util.Optional;

/** The root context; the plugin configuration is there only while it is created and configured. */
final class RootContext extends PluginContext {

  static final int ID = 1;

  private final PluginSettings settings;
  private boolean configuring;

  RootContext(PluginSettings settings) {
    super(ID, settings);
    this.settings = settings;
  }

  void configuring(boolean now) {
    configuring = now;
  }

  @Override
  public Optional<ByteString> buffer(BufferType type) {
    return type == BufferType.PLUGIN_CONFIGURATION && configuring
        ? Optional.of(settings.pluginConfiguration())
        : super.buffer(type);
  }
}
