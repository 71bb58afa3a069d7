package io.keelson.host.nbd;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of an NBD connection, whole buffers at a time. */
record NbdStream(SocketChannel channel) implements Closeable {

  /** Reads so many bytes. */
  ByteBuffer take(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    fill(bytes);
    return bytes.flip();
  }

  /** Reads until the buffer is full. */
  void fill(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the NBD server has ended the connection");
      }
    }
  }

  /** Sends all of each buffer, in order. */
  void send(ByteBuffer... parts) throws IOException {
    for (ByteBuffer part : parts) {
      while (part.hasRemaining()) {
        channel.write(part);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
