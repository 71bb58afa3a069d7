package io.keelson.host.nfs;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls one program of a server by ONC RPC (RFC 5531) over TCP, one call at a time. A connection
 * that the server closed is made again for the next call.
 */
final class RpcClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int CONNECT_MILLIS = 10_000;
  private static final int LONGEST_ANSWER = 4 << 20;
  private static final int LAST_FRAGMENT = 0x80000000;

  private final InetSocketAddress server;
  private final int program;
  private final int version;
  private final byte[] credentials;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Socket socket;

  RpcClient(InetSocketAddress server, int program, int version, int uid) {
    this.server = server;
    this.program = program;
    this.version = version;
    this.credentials =
        new XdrWriter().number(0).text("keelson").number(uid).number(uid).number(0).bytes();
  }

  /** The answer's results. Raises when the server refuses the call itself. */
  XdrReader call(int procedure, XdrWriter arguments) throws IOException {
    int id = ThreadLocalRandom.current().nextInt();
    byte[] call = call(id, procedure, arguments);
    turn.lock();
    try {
      Socket before = socket;
      if (before != null) {
        try {
          return exchange(before, id, call);
        } catch (IOException e) {
          // Closed while it was idle; with the same number the server knows a call made twice.
          close();
        }
      }
      Socket fresh = connect();
      socket = fresh;
      try {
        return exchange(fresh, id, call);
      } catch (IOException e) {
        close();
        throw e;
      }
    } finally {
      turn.unlock();
    }
  }

  private byte[] call(int id, int procedure, XdrWriter arguments) {
    byte[] body =
        new XdrWriter()
            .number(id)
            .number(0)
            .number(2)
            .number(program)
            .number(version)
            .number(procedure)
            .number(1)
            .opaque(credentials)
            .number(0)
            .number(0)
            .fixed(arguments.bytes())
            .bytes();
    return new XdrWriter().number(LAST_FRAGMENT | body.length).fixed(body).bytes();
  }

  private Socket connect() throws IOException {
    Socket made = reserved();
    try {
      made.setTcpNoDelay(true);
      made.setSoTimeout(TIMEOUT_MILLIS);
      made.connect(server, CONNECT_MILLIS);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /** Many servers listen only to ports that root alone can have. */
  private static Socket reserved() throws IOException {
    int start = ThreadLocalRandom.current().nextInt(600, 1000);
    for (int port : List.of(start, start + 7, start + 13)) {
      Socket socket = new Socket();
      try {
        socket.bind(new InetSocketAddress(port));
        return socket;
      } catch (BindException e) {
        socket.close();
      }
    }
    return new Socket();
  }

  private XdrReader exchange(Socket on, int id, byte[] call) throws IOException {
    on.getOutputStream().write(call);
    XdrReader answer = new XdrReader(receive(new DataInputStream(on.getInputStream())));
    if (answer.number() != id || answer.number() != 1) {
      throw new IOException("the server answers another call");
    }
    if (answer.number() != 0) {
      throw new IOException("the server refuses the caller");
    }
    int _ = answer.number();
    byte[] _ = answer.opaque(400);
    int state = answer.number();
    if (state != 0) {
      throw new IOException("the server does not know the call (" + state + ")");
    }
    return answer;
  }

  private static byte[] receive(DataInputStream in) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    int length = 0;
    boolean last = false;
    while (!last) {
      int mark = in.readInt();
      last = (mark & LAST_FRAGMENT) != 0;
      int size = mark & ~LAST_FRAGMENT;
      length += size;
      if (size > LONGEST_ANSWER || length > LONGEST_ANSWER) {
        throw new IOException("the server's answer is too long");
      }
      parts.add(in.readNBytes(size));
    }
    XdrWriter whole = new XdrWriter();
    parts.forEach(whole::fixed);
    return whole.bytes();
  }

  @Override
  public void close() throws IOException {
    turn.lock();
    try {
      if (socket != null) {
        socket.close();
        socket = null;
      }
    } finally {
      turn.unlock();
    }
  }
}
