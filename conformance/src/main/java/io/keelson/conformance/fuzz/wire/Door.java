package io.keelson.conformance.fuzz.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Where a server is reached. */
public interface Door {
  /** How often an agreement is sought. */
  int TRIES = 3;

  /**
   * A connection.
   *
   * @param speaks to the server
   * @param below what is closed at once whatever the other is about: the same one where there is no
   *     TLS
   */
  record Line(Socket speaks, Socket below) {}

  /** Makes a connection. */
  Line open(Duration patience) throws IOException;

  /** Without TLS. */
  static Door plain(InetSocketAddress address) {
    return patience -> {
      Socket socket = connected(address, patience);
      return new Line(socket, socket);
    };
  }

  /**
   * With TLS, by which the server is not asked who it is. One whose policy changes just then lets
   * go of who has not agreed on anything yet, and is asked again.
   */
  static Door tls(InetSocketAddress address, SSLContext context) {
    return patience -> {
      IOException last = new IOException("no try");
      for (int i = 0; i < TRIES; i++) {
        Socket socket = connected(address, patience);
        try {
          return agreed(socket, address, context, patience);
        } catch (IOException e) {
          socket.close();
          last = e;
        }
      }
      throw last;
    };
  }

  private static Line agreed(
      Socket socket, InetSocketAddress address, SSLContext context, Duration patience)
      throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    SSLSocket spoken =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(socket, address.getHostString(), address.getPort(), true);
    spoken.startHandshake();
    return new Line(spoken, socket);
  }

  private static Socket connected(InetSocketAddress address, Duration patience) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, (int) patience.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
