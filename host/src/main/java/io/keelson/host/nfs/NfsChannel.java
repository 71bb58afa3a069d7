package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;

/** Reads and writes a file; what is written is on the server's disk at once. */
final class NfsChannel implements SeekableByteChannel {
  private static final int PIECE = 64 << 10;

  private final NfsClient client;
  private final String path;
  private final byte[] file;
  private long position;
  private boolean open = true;

  NfsChannel(NfsClient client, String path) throws IOException {
    this.client = client;
    this.path = path;
    this.file = client.handle(path);
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    check();
    if (!to.hasRemaining()) {
      return 0;
    }
    byte[] bytes = client.read(file, position, to.remaining());
    to.put(bytes);
    position += bytes.length;
    return bytes.length == 0 ? -1 : bytes.length;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    check();
    int before = from.remaining();
    while (from.hasRemaining()) {
      byte[] piece = new byte[Math.min(PIECE, from.remaining())];
      from.get(from.position(), piece);
      int written = client.write(file, position, piece);
      from.position(from.position() + written);
      position += written;
    }
    return before;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    check();
    return client.facts(path).size();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException("files are not cut");
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  private void check() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
