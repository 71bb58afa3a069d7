package io.keelson.cli.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where a server is, and how it is reached. */
sealed interface Server {
  /**
   * Connects.
   *
   * @throws ClientException when nobody answers, or somebody who is not believed
   */
  Link open() throws IOException;

  /** On this machine, where the kernel tells the server who asks. */
  record Local(Path socket) implements Server {
    @Override
    public Link open() throws IOException {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        boolean _ = channel.connect(UnixDomainSocketAddress.of(socket));
        return Link.of(channel);
      } catch (IOException e) {
        channel.close();
        throw ClientException.failed(
            "Error: cannot connect to " + socket + ": " + Server.reason(e));
      }
    }
  }

  /** Anywhere, without encryption. */
  record Plain(String host, int port) implements Server {
    @Override
    public Link open() throws IOException {
      return Link.of(connect(host, port));
    }
  }

  /** Anywhere, with a certificate that is looked at. */
  record Secure(String host, int port, Trust trust) implements Server {
    @Override
    public Link open() throws IOException {
      return Link.of(trust.secure(connect(host, port), host, port));
    }
  }

  /** How long a server may take to answer a knock, in milliseconds. */
  int PATIENCE = 30_000;

  static Socket connect(String host, int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(new InetSocketAddress(host, port), PATIENCE);
      return socket;
    } catch (UnknownHostException _) {
      socket.close();
      throw ClientException.failed("Host '" + host + "' not found.");
    } catch (IOException e) {
      socket.close();
      throw ClientException.failed(
          "Error: cannot connect to " + host + " port " + port + ": " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case SocketTimeoutException _ -> "it does not answer";
      case ConnectException refused -> String.valueOf(refused.getMessage());
      default -> String.valueOf(e.getMessage());
    };
  }
}
