package io.keelson.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON-RPC over one keep-alive connection, as little of it as the workload needs, so that the
 * server is measured and not its client. Replies are read whole and not decoded.
 */
final class JsonRpcClient implements AutoCloseable {
  private static final Pattern RESULT = Pattern.compile("\"result\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  JsonRpcClient(InetSocketAddress address) {
    try {
      this.socket = new Socket();
      socket.setTcpNoDelay(true);
      socket.connect(address, 10_000);
      socket.setSoTimeout(120_000);
      this.out = socket.getOutputStream();
      this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param params JSON, without the brackets around it
   * @return the reply's body
   */
  byte[] call(String method, String params) {
    byte[] body =
        "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":[%s],\"id\":1}"
            .formatted(method, params)
            .getBytes(StandardCharsets.UTF_8);
    byte[] head =
        "POST /jsonrpc HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(body.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    try {
      out.write(request);
      return reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A call whose result is text. */
  String text(String method, String params) {
    String reply = new String(call(method, params), StandardCharsets.UTF_8);
    Matcher m = RESULT.matcher(reply);
    if (!m.find()) {
      throw new IllegalStateException(method + ": " + reply);
    }
    return m.group(1);
  }

  private byte[] reply() throws IOException {
    String status = line(in);
    if (!status.contains(" 200 ")) {
      throw new IOException(status);
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
