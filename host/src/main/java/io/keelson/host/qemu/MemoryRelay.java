package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * Carries a machine's memory from the process that has it to the one that takes it.
 *
 * <p>The stream goes through this process on purpose: when this process ends, the stream breaks,
 * and the machine goes on where it was instead of being moved with nobody there to see it through.
 */
final class MemoryRelay implements AutoCloseable {
  private static final int CHUNK = 1 << 20;

  private final Path door;
  private final ServerSocketChannel server;
  private final CompletableFuture<Boolean> carried = new CompletableFuture<>();

  private MemoryRelay(Path door, ServerSocketChannel server) {
    this.door = door;
    this.server = server;
  }

  /** Waits for the source's stream; the target listens already. */
  static MemoryRelay open(LiveDomain source, LiveDomain target) {
    Path door = source.folder().socket(Suspension.STREAM, source.process().pid());
    Path goal = target.folder().socket(Suspension.STREAM, target.process().pid());
    try {
      Files.deleteIfExists(door);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      MemoryRelay relay = new MemoryRelay(door, server);
      try {
        server.bind(UnixDomainSocketAddress.of(door));
      } catch (IOException e) {
        server.close();
        throw e;
      }
      Thread.ofVirtual().name("migrate-" + source.vm()).start(() -> relay.carry(goal));
      return relay;
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "no way for the memory: " + e, e);
    }
  }

  private void carry(Path goal) {
    try (SocketChannel from = server.accept();
        SocketChannel to = SocketChannel.open(UnixDomainSocketAddress.of(goal))) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      while (from.read(chunk.clear()) >= 0) {
        chunk.flip();
        while (chunk.hasRemaining()) {
          to.write(chunk);
        }
      }
      carried.complete(true);
    } catch (IOException | RuntimeException e) {
      carried.completeExceptionally(e);
    }
  }

  /** Raises FAILED when the stream broke on the way. */
  void check() {
    if (carried.isCompletedExceptionally()) {
      throw new DriverException(
          Reason.FAILED, "the memory did not get through: " + carried.exceptionNow());
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(door);
    } catch (IOException e) {
      // A socket that stays in the folder goes with it.
    }
  }
}
