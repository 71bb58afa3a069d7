package io.keelson.testkit.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.conformance.rpc.AnyCertificate;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection on which bytes are sent as they are, for what no client's library would send. */
public final class RawHttp implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A response; names of headers are in lower case, a byte of the content is a character. */
  public record Response(String version, int status, Map<String, String> headers, String content) {
    public byte[] body() {
      return content.getBytes(ISO_8859_1);
    }

    public String text() {
      return new String(body(), UTF_8);
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private final Socket socket;
  private final InputStream in;

  public RawHttp(URI server) throws IOException {
    this.socket =
        server.getScheme().equals("https")
            ? AnyCertificate.context()
                .getSocketFactory()
                .createSocket(server.getHost(), server.getPort())
            : new Socket(server.getHost(), server.getPort());
    this.socket.setSoTimeout((int) PATIENCE.toMillis());
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends those bytes, a character each. */
  public RawHttp send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends no more, and listens on. */
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Posts a body with its length. */
  public Response post(String path, String type, String body, String... headers)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: test\r\n");
    head.append("Content-Type: ").append(type).append("\r\nContent-Length: ").append(bytes.length);
    for (String header : headers) {
      head.append("\r\n").append(header);
    }
    send(head.append("\r\n\r\n").append(new String(bytes, ISO_8859_1)).toString());
    return response();
  }

  /** Reads one response. */
  public Response response() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] pair = line.split(":", 2);
      headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1].strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Response(
        status[0], Integer.parseInt(status[1]), Map.copyOf(headers), new String(body, ISO_8859_1));
  }

  /** Reads so many bytes, a character each; fewer where the connection ends before. */
  public String read(int count) throws IOException {
    return new String(in.readNBytes(count), ISO_8859_1);
  }

  /** Whether the server has closed the connection, or does within the time that any answer has. */
  public boolean closed() {
    try {
      while (in.read() >= 0) {
        // what is left of a response
      }
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended after: " + line);
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
