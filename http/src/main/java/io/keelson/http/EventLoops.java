package io.keelson.http;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The threads that serve sockets. They never block. */
record EventLoops(MultiThreadIoEventLoopGroup accepting, MultiThreadIoEventLoopGroup serving) {

  static EventLoops start() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("accept", true), NioIoHandler.newFactory()),
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("http", true), NioIoHandler.newFactory()));
  }

  void stop(Duration bound) {
    accepting.shutdownGracefully(0, bound.toMillis(), TimeUnit.MILLISECONDS);
    serving
        .shutdownGracefully(0, bound.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(bound.toMillis() + 1_000);
  }
}
