package io.keelson.host.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The serial line of all simulated machines: it greets whoever comes, and repeats what he says. */
final class SimulatedSerial implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedSerial.class);
  private static final String GREETING = "a simulated machine\r\n";

  private final Path socket;
  private final ServerSocketChannel server;

  private SimulatedSerial(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  /** None where there can be no socket at that place, for instance because its name is too long. */
  static Optional<SimulatedSerial> open(Path socket) {
    try {
      Files.createDirectories(socket.toAbsolutePath().getParent());
      Files.deleteIfExists(socket);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        server.bind(UnixDomainSocketAddress.of(socket));
      } catch (IOException e) {
        server.close();
        throw e;
      }
      SimulatedSerial serial = new SimulatedSerial(socket, server);
      Thread.ofVirtual().name("serial").start(serial::serve);
      return Optional.of(serial);
    } catch (IOException e) {
      LOG.warn("simulated machines have no serial line", e);
      return Optional.empty();
    }
  }

  Path socket() {
    return socket;
  }

  private void serve() {
    while (server.isOpen()) {
      try {
        SocketChannel caller = server.accept();
        Thread.ofVirtual().name("serial-line").start(() -> repeat(caller));
      } catch (IOException e) {
        LOG.debug("nobody else comes to the serial line", e);
        return;
      }
    }
  }

  private static void repeat(SocketChannel caller) {
    try (caller) {
      caller.write(ByteBuffer.wrap(GREETING.getBytes(US_ASCII)));
      ByteBuffer said = ByteBuffer.allocate(4096);
      while (caller.read(said) >= 0) {
        said.flip();
        while (said.hasRemaining()) {
          caller.write(said);
        }
        said.clear();
      }
    } catch (IOException e) {
      LOG.debug("a caller has left the serial line", e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.debug("the serial line stays", e);
    }
  }
}
