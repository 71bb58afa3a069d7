package io.keelson.host.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** The beginning of an NBD connection: what both sides can do, and which export is meant. */
final class NbdHandshake {
  private static final long MAGIC = 0x4e42444d41474943L;
  private static final long OPTION_MAGIC = 0x49484156454F5054L;
  private static final long REPLY_MAGIC = 0x3e889045565a9L;

  private static final int FIXED_NEWSTYLE = 1;
  private static final int NO_ZEROES = 2;

  private static final int GO = 7;
  private static final int STRUCTURED_REPLY = 8;
  private static final int SET_META_CONTEXT = 10;

  private static final int ACK = 1;
  private static final int INFO = 3;
  private static final int META_CONTEXT = 4;

  private static final int MOST_IN_REPLY = 1 << 16;
  private static final String EXPORT = "";

  private final NbdStream stream;

  /** What follows of the handshake: the size and the abilities of the export. */
  record Export(long size, int flags, int context) {}

  private record OptionReply(int type, ByteBuffer data) {}

  NbdHandshake(NbdStream stream) {
    this.stream = stream;
  }

  Export perform(BlockContext context) throws IOException {
    ByteBuffer greeting = stream.take(18);
    expect(greeting.getLong() == MAGIC && greeting.getLong() == OPTION_MAGIC, "greeting");
    int flags = greeting.getShort();
    expect((flags & FIXED_NEWSTYLE) != 0, "greeting");
    stream.send(ByteBuffer.allocate(4).putInt(FIXED_NEWSTYLE | (flags & NO_ZEROES)).flip());
    option(STRUCTURED_REPLY, ByteBuffer.allocate(0));
    expect(reply(STRUCTURED_REPLY).type == ACK, "answer to structured replies");
    return go(number(context));
  }

  private int number(BlockContext wanted) throws IOException {
    byte[] query = wanted.name().getBytes(UTF_8);
    byte[] name = EXPORT.getBytes(UTF_8);
    option(
        SET_META_CONTEXT,
        ByteBuffer.allocate(12 + name.length + query.length)
            .putInt(name.length)
            .put(name)
            .putInt(1)
            .putInt(query.length)
            .put(query)
            .flip());
    OptionReply context = reply(SET_META_CONTEXT);
    expect(context.type == META_CONTEXT && context.data.remaining() >= 4, "context");
    int id = context.data.getInt();
    expect(reply(SET_META_CONTEXT).type == ACK, "end of contexts");
    return id;
  }

  private Export go(int context) throws IOException {
    byte[] name = EXPORT.getBytes(UTF_8);
    option(
        GO,
        ByteBuffer.allocate(6 + name.length)
            .putInt(name.length)
            .put(name)
            .putShort((short) 0)
            .flip());
    long size = -1;
    int flags = 0;
    for (OptionReply reply = reply(GO); reply.type != ACK; reply = reply(GO)) {
      expect(reply.type == INFO && reply.data.remaining() >= 2, "export");
      if (reply.data.getShort() == 0) {
        expect(reply.data.remaining() == 10, "export");
        size = reply.data.getLong();
        flags = reply.data.getShort() & 0xFFFF;
      }
    }
    expect(size >= 0, "export without a size");
    return new Export(size, flags, context);
  }

  private void option(int option, ByteBuffer data) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(16);
    head.putLong(OPTION_MAGIC).putInt(option).putInt(data.remaining());
    stream.send(head.flip(), data);
  }

  private OptionReply reply(int option) throws IOException {
    ByteBuffer head = stream.take(20);
    expect(head.getLong() == REPLY_MAGIC && head.getInt() == option, "reply");
    int type = head.getInt();
    int length = head.getInt();
    expect(length >= 0 && length <= MOST_IN_REPLY, "reply");
    ByteBuffer data = stream.take(length);
    if (type < 0) {
      throw new ProtocolException("the NBD server refuses: " + UTF_8.decode(data));
    }
    return new OptionReply(type, data);
  }

  private static void expect(boolean good, String what) throws IOException {
    if (!good) {
      throw new ProtocolException("the NBD server sent a strange " + what);
    }
  }
}
