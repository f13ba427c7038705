package dev.nametag.hostsim.vm;

import dev.nametag.hostsim.bytes.ByteString;
import dev.nametag.hostsim.hostcall.BufferType;
import java.util.Optional;

/** The root context; the plugin configuration is there only while it is created and configured. */
final class RootContext extends PluginContext {

  private final PluginRoot root;
  private boolean configuring;

  RootContext(int id, PluginRoot root) {
    super(id, root.plugin());
    this.root = root;
  }

  @Override
  public PluginRoot root() {
    return root;
  }

  void configuring(boolean now) {
    configuring = now;
  }

  @Override
  public Optional<ByteString> buffer(BufferType type) {
    return type == BufferType.PLUGIN_CONFIGURATION && configuring
        ? Optional.of(root.plugin().pluginConfiguration())
        : super.buffer(type);
  }
}
