package dev.nametag.hostsim.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Says when nothing has come or gone over a connection for so long, and then again. */
final class Idle extends IdleStateHandler {

  private final Runnable then;

  Idle(Duration time, Runnable then) {
    super(0, 0, time.toMillis(), TimeUnit.MILLISECONDS);
    this.then = then;
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
    then.run();
  }
}
