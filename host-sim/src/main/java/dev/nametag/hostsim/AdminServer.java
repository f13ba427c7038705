package dev.nametag.hostsim;

import dev.nametag.hostsim.admin.AdminEndpoints;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Envoy's admin interface over HTTP: {@code /stats}, {@code /stats/prometheus}, {@code /ready}. A
 * client that stalls keeps nobody else waiting, and is cut off after a while.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class AdminServer implements AutoCloseable {

  /** Pages are made in these, so that a large one keeps few waiting. */
  private static final int THREADS = 4;

  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final Duration STALL = Duration.ofSeconds(30);

  private final EventLoopGroup loops;
  private final Channel listener;

  private AdminServer(AdminEndpoints endpoints, InetSocketAddress address, Duration stall)
      throws IOException {
    loops =
        new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    ChannelFuture binding =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, endpoints, stall);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      shutDown();
      throw binding.cause() instanceof IOException e ? e : new IOException(binding.cause());
    }
    listener = binding.channel();
  }

  private static void accept(Channel channel, AdminEndpoints endpoints, Duration stall) {
    AdminConnection connection = new AdminConnection(endpoints);
    channel
        .pipeline()
        .addLast(
            new IdleStateHandler(0, 0, stall.toMillis(), TimeUnit.MILLISECONDS),
            connection.stallGuard(),
            new HttpServerCodec(),
            new HttpObjectAggregator(MAX_BODY_BYTES),
            connection);
  }

  /**
   * Starts serving.
   *
   * @param address port 0 picks a free one
   * @throws java.net.BindException when the port is in use
   */
  public static AdminServer start(SimulatedEnvoy envoy, InetSocketAddress address)
      throws IOException {
    return start(envoy, address, STALL);
  }

  /** Starts serving clients that may stall for so long. */
  static AdminServer start(SimulatedEnvoy envoy, InetSocketAddress address, Duration stall)
      throws IOException {
    return new AdminServer(new AdminEndpoints(envoy.stats()), address, stall);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    shutDown();
  }

  private void shutDown() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
