package io.keelson.conformance.rpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * A connection over which requests go byte by byte as they are given: clients for HTTP would not
 * send all that is asked here, and hide what becomes of the connection.
 */
public final class RawConnection implements AutoCloseable {
  private static final int LONGEST_LINE = 65536;

  private final long until;
  private final Socket socket;
  private final InputStream in;

  /**
   * Connects.
   *
   * @param patience how long all that happens on the connection may take
   */
  RawConnection(URI url, boolean anyCertificate, Duration patience) throws IOException {
    this.until = System.nanoTime() + patience.toNanos();
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    Socket plain = new Socket();
    plain.setReceiveBufferSize(LONGEST_LINE); // so that what is not read is soon not sent either
    try {
      plain.connect(new InetSocketAddress(url.getHost(), port), (int) patience.toMillis());
      this.socket = secure ? secured(plain, url.getHost(), port, anyCertificate) : plain;
      this.in = new Bounded(socket);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static Socket secured(Socket plain, String host, int port, boolean anyCertificate)
      throws IOException {
    try {
      SSLContext context = anyCertificate ? AnyCertificate.context() : SSLContext.getDefault();
      return context.getSocketFactory().createSocket(plain, host, port, true);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  /** What came back. */
  public static final class Reply {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private Reply(int status, Map<String, String> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    public int status() {
      return status;
    }

    /** By their names in small letters. */
    public Map<String, String> headers() {
      return headers;
    }

    public byte[] body() {
      return body;
    }

    public String text() {
      return new String(body, UTF_8);
    }
  }

  /** Sends a request. */
  public void begin(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    socket.getOutputStream().flush();
  }

  /** Sends a request and reads the reply to it. */
  public Reply send(byte[] request) throws IOException {
    begin(request);
    Reply reply = reply();
    while (reply.status() / 100 == 1) {
      reply = reply();
    }
    return reply;
  }

  /** Whether the server ends the connection, for which it has as long as the patience lasts. */
  public boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  private Reply reply() throws IOException {
    String[] first = line().split(" ", 3);
    if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
      throw new IOException("no HTTP: " + String.join(" ", first));
    }
    int status = Integer.parseInt(first[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] pair = line.split(":", 2);
      headers.put(pair[0].toLowerCase(Locale.ROOT), pair.length < 2 ? "" : pair[1].strip());
    }
    return new Reply(status, headers, body(status, headers));
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status / 100 == 1 || status == 204 || status == 304) {
      return new byte[0];
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    if (headers.containsKey("content-length")) {
      return exactly(Integer.parseInt(headers.get("content-length")));
    }
    return in.readAllBytes();
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      if (size == 0) {
        while (!line().isEmpty()) {
          // Trailers say nothing that matters here.
        }
        return all.toByteArray();
      }
      all.write(exactly(size));
      line();
    }
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new IOException("cut off after " + bytes.length + " of " + size + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n' && line.size() < LONGEST_LINE) {
      line.write(next);
      next = in.read();
    }
    if (next != '\n') {
      throw new IOException("the connection ended in the middle of a reply");
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** Reads for no longer than the patience lasts, however slowly bytes come. */
  private final class Bounded extends InputStream {
    private final InputStream from;

    Bounded(Socket socket) throws IOException {
      this.from = new BufferedInputStream(socket.getInputStream(), LONGEST_LINE);
    }

    private void limit() throws IOException {
      long left = Duration.ofNanos(until - System.nanoTime()).toMillis();
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) left);
    }

    @Override
    public int read() throws IOException {
      limit();
      return from.read();
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
      limit();
      return from.read(bytes, start, length);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // What comes of it is for the server to deal with.
    }
  }
}
