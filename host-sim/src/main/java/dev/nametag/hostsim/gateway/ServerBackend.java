package dev.nametag.hostsim.gateway;

import dev.nametag.hostsim.hostcall.Header;
import dev.nametag.hostsim.stream.UpstreamEvents;
import dev.nametag.hostsim.stream.UpstreamFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * An HTTP/1.1 server, over connections that are kept for further requests.
 *
 * <p>Source: Envoy source/common/http/conn_pool_base.cc; as there, a request may meet a connection
 * that the server is about to close.
 */
// What Netty cannot write ends the connection, which is heard of.
@SuppressWarnings("FutureReturnValueIgnored")
final class ServerBackend implements Backend {

  private static final int MAX_IDLE = 1024;

  private final Bootstrap bootstrap;
  private final Deque<Channel> idle = new ArrayDeque<>();

  ServerBackend(ClusterSettings.Server settings, EventLoop loop) {
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.connectTimeout().toMillis()))
            .option(ChannelOption.TCP_NODELAY, true)
            .remoteAddress(settings.host(), settings.port())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    UpstreamConnection connection =
                        new UpstreamConnection(ServerBackend.this::keep);
                    UpstreamCodec.addTo(channel.pipeline(), connection);
                    settings
                        .idleTimeout()
                        .ifPresent(
                            time ->
                                channel.pipeline().addLast(new Idle(time, () -> idle(channel))));
                    channel.pipeline().addLast(connection);
                  }
                });
  }

  @Override
  public Call begin(UpstreamEvents attempt, List<Header> headers, boolean endOfStream, Flow flow) {
    ServerCall call = new ServerCall(attempt, headers, endOfStream, flow);
    Channel kept = take();
    if (kept != null) {
      call.connected(kept);
      return call;
    }
    bootstrap
        .connect()
        .addListener(
            (io.netty.channel.ChannelFuture connecting) -> {
              if (connecting.isSuccess()) {
                call.connected(connecting.channel());
              } else {
                attempt.reset(
                    connecting.cause() instanceof ConnectTimeoutException
                        ? UpstreamFailure.CONNECTION_TIMEOUT
                        : UpstreamFailure.REMOTE_CONNECTION_FAILURE);
              }
            });
    return call;
  }

  /** Nothing has come or gone for so long; with a call on it, that is the call's affair. */
  private void idle(Channel channel) {
    if (idle.remove(channel)) {
      channel.close();
    }
  }

  private Channel take() {
    Channel channel = idle.pollLast();
    while (channel != null && !channel.isActive()) {
      channel = idle.pollLast();
    }
    return channel;
  }

  private void keep(Channel channel) {
    if (idle.size() < MAX_IDLE) {
      idle.addLast(channel);
    } else {
      channel.close();
    }
  }

  @Override
  public void close() {
    idle.forEach(Channel::close);
    idle.clear();
  }
}
