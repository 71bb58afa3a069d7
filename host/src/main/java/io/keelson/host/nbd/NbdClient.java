package io.keelson.host.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes an NBD export, with structured replies and allocation status. One request at a
 * time: on a unix socket with requests this large, more would gain little.
 */
final class NbdClient implements Closeable {
  /** Bytes of one request; servers take up to 32 MiB. */
  static final int MOST = 4 << 20;

  private static final int REQUEST_MAGIC = 0x25609513;
  private static final int SIMPLE_MAGIC = 0x67446698;
  private static final int STRUCTURED_MAGIC = 0x668e33ef;
  private static final int LAST = 1;
  private static final int MOST_STATUS = 8 << 20;

  private final NbdStream stream;
  private final NbdHandshake.Export export;
  private final BlockContext context;
  private long cookie;

  /** What is asked for. */
  private enum Command {
    READ(0),
    WRITE(1),
    DISCONNECT(2),
    FLUSH(3),
    WRITE_ZEROES(6),
    BLOCK_STATUS(7);

    private final short code;

    Command(int code) {
      this.code = (short) code;
    }
  }

  /**
   * How a stretch is stored.
   *
   * @param counts as the context says that was agreed on
   */
  record Status(long length, boolean counts) {}

  private NbdClient(NbdStream stream, NbdHandshake.Export export, BlockContext context) {
    this.stream = stream;
    this.export = export;
    this.context = context;
  }

  /** Begins on a connection, which is the client's from then on. */
  static NbdClient over(SocketChannel channel, BlockContext context) throws IOException {
    NbdStream stream = new NbdStream(channel);
    return new NbdClient(stream, new NbdHandshake(stream).perform(context), context);
  }

  long size() {
    return export.size();
  }

  /** Fills the buffer, at most {@link #MOST} bytes. */
  void read(long offset, ByteBuffer into) throws IOException {
    int length = into.remaining();
    send(Command.READ, offset, length);
    int start = into.position();
    boolean done = false;
    int missing = length;
    while (!done) {
      Chunk chunk = chunk();
      done = chunk.last();
      switch (chunk.type()) {
        case 0 -> expect(chunk.length() == 0);
        case 1 -> {
          expect(chunk.length() > 8);
          int at = within(offset, length, stream.take(8).getLong(), chunk.length() - 8);
          ByteBuffer part = into.duplicate();
          part.position(start + at).limit(start + at + chunk.length() - 8);
          stream.fill(part);
          missing -= chunk.length() - 8;
        }
        case 2 -> {
          expect(chunk.length() == 12);
          ByteBuffer hole = stream.take(12);
          long from = hole.getLong();
          int size = hole.getInt();
          int at = within(offset, length, from, size);
          ByteBuffer part = into.duplicate();
          part.position(start + at).limit(start + at + size);
          while (part.hasRemaining()) {
            part.put((byte) 0);
          }
          missing -= size;
        }
        default -> throw failure(chunk);
      }
    }
    expect(missing == 0);
    into.position(start + length);
  }

  /** Writes the buffer, at most {@link #MOST} bytes. */
  void write(long offset, ByteBuffer from) throws IOException {
    stream.send(request(Command.WRITE, offset, from.remaining()), from);
    acknowledged();
  }

  /** Makes a stretch read as zeroes. */
  void zero(long offset, long length) throws IOException {
    long at = offset;
    long end = offset + length;
    while (at < end) {
      int part = (int) Math.min(1 << 30, end - at);
      send(Command.WRITE_ZEROES, at, part);
      acknowledged();
      at += part;
    }
  }

  void flush() throws IOException {
    send(Command.FLUSH, 0, 0);
    acknowledged();
  }

  /** How the stretches from an offset on are stored; not necessarily as far as asked. */
  List<Status> status(long offset, long length) throws IOException {
    send(Command.BLOCK_STATUS, offset, (int) Math.min(length, 1 << 30));
    List<Status> all = new ArrayList<>();
    boolean done = false;
    while (!done) {
      Chunk chunk = chunk();
      done = chunk.last();
      switch (chunk.type()) {
        case 0 -> expect(chunk.length() == 0);
        case 5 -> {
          expect(chunk.length() >= 12 && chunk.length() <= MOST_STATUS);
          ByteBuffer data = stream.take(chunk.length());
          expect(data.getInt() == export.context() && data.remaining() % 8 == 0);
          while (data.hasRemaining()) {
            long size = Integer.toUnsignedLong(data.getInt());
            boolean counts = context.counts().test(data.getInt());
            expect(size > 0);
            all.add(new Status(size, counts));
          }
        }
        default -> throw failure(chunk);
      }
    }
    expect(!all.isEmpty());
    return all;
  }

  /** Takes leave; the server then ends. */
  @Override
  public void close() throws IOException {
    try (stream) {
      send(Command.DISCONNECT, 0, 0);
    }
  }

  private record Chunk(boolean last, int type, int length) {}

  private void send(Command command, long offset, int length) throws IOException {
    stream.send(request(command, offset, length));
  }

  private ByteBuffer request(Command command, long offset, int length) {
    cookie++;
    return ByteBuffer.allocate(28)
        .putInt(REQUEST_MAGIC)
        .putShort((short) 0)
        .putShort(command.code)
        .putLong(cookie)
        .putLong(offset)
        .putInt(length)
        .flip();
  }

  private void acknowledged() throws IOException {
    boolean done = false;
    while (!done) {
      Chunk chunk = chunk();
      done = chunk.last();
      if (chunk.type() != 0) {
        throw failure(chunk);
      }
      expect(chunk.length() == 0);
    }
  }

  /** The head of the next part of a reply; a simple reply counts as one part without content. */
  private Chunk chunk() throws IOException {
    int magic = stream.take(4).getInt();
    if (magic == SIMPLE_MAGIC) {
      ByteBuffer rest = stream.take(12);
      int error = rest.getInt();
      expect(rest.getLong() == cookie);
      if (error != 0) {
        throw new NbdError(error, "");
      }
      return new Chunk(true, 0, 0);
    }
    expect(magic == STRUCTURED_MAGIC);
    ByteBuffer rest = stream.take(16);
    boolean last = (rest.getShort() & LAST) != 0;
    int type = rest.getShort() & 0xFFFF;
    expect(rest.getLong() == cookie);
    int length = rest.getInt();
    expect(length >= 0 && length <= MOST_STATUS);
    return new Chunk(last, type, length);
  }

  private IOException failure(Chunk chunk) throws IOException {
    if ((chunk.type() & 0x8000) == 0 || chunk.length() < 6) {
      return new ProtocolException("the NBD server sent a strange reply");
    }
    ByteBuffer data = stream.take(chunk.length());
    int error = data.getInt();
    int length = Math.min(data.getShort() & 0xFFFF, data.remaining());
    return new NbdError(error, UTF_8.decode(data.slice(data.position(), length)).toString());
  }

  private static int within(long offset, int length, long at, int size) throws IOException {
    expect(size > 0 && at >= offset && at - offset <= length - size);
    return (int) (at - offset);
  }

  private static void expect(boolean good) throws IOException {
    if (!good) {
      throw new ProtocolException("the NBD server sent a strange reply");
    }
  }
}
