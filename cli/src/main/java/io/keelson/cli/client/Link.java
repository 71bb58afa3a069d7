package io.keelson.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A connection to a server. */
interface Link extends AutoCloseable {
  InputStream in();

  OutputStream out();

  /** Says that no more will come; what the other end says goes on to be heard. */
  void endOutput() throws IOException;

  @Override
  void close() throws IOException;

  /** Over TCP, with TLS or without. */
  static Link of(Socket socket) throws IOException {
    return new Over(
        socket.getInputStream(), socket.getOutputStream(), socket::shutdownOutput, socket::close);
  }

  /** Over a unix socket. */
  static Link of(SocketChannel channel) {
    return new Over(
        Channels.newInputStream(channel),
        Channels.newOutputStream(channel),
        channel::shutdownOutput,
        channel::close);
  }

  /** What is done with a socket. */
  @FunctionalInterface
  interface Deed {
    void run() throws IOException;
  }

  /** A connection over something. */
  record Over(InputStream in, OutputStream out, Deed atEnd, Deed atClose) implements Link {
    @Override
    public void endOutput() throws IOException {
      atEnd.run();
    }

    @Override
    public void close() throws IOException {
      atClose.run();
    }
  }
}
