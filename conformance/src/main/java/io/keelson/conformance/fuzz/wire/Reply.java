package io.keelson.conformance.fuzz.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A response of HTTP.
 *
 * @param body as much of it as is looked at, a character a byte
 * @param length of the whole body
 */
record Reply(int status, Map<String, String> headers, String body, long length) {
  private static final int LOOKED_AT = 1 << 20;
  private static final int LONGEST = 16 << 20;
  private static final int LINE = 64 << 10;

  /** A response was not whole when its connection ended. */
  static final class Cut extends IOException {
    private static final long serialVersionUID = 1;

    Cut(String why) {
      super(why);
    }
  }

  boolean keepsAlive() {
    return !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
  }

  /** What a connection speaks that another protocol has taken over. */
  boolean isTakenOver(boolean connect) {
    return status == 101 || (connect && status == 200);
  }

  /**
   * Reads one.
   *
   * @throws Cut when the connection ends inside it
   */
  static Reply read(InputStream in, String method) throws IOException {
    String line = line(in);
    if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
      throw new Cut("no status line: " + line.substring(0, Math.min(80, line.length())));
    }
    int status = Integer.parseInt(line.substring(9, 12));
    Map<String, String> headers = new HashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new Cut("no header: " + header);
      }
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    if (status / 100 == 1 && status != 101) {
      return read(in, method);
    }
    boolean bare =
        status == 101
            || status == 204
            || status == 304
            || method.equals("HEAD")
            || (method.equals("CONNECT") && status == 200);
    Body body = new Body(in);
    if (!bare) {
      body.read(headers);
    }
    return new Reply(status, headers, body.kept.toString(ISO_8859_1), body.length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > LINE) {
        throw new Cut(line.isEmpty() ? "" : "a line without an end");
      }
      line.append((char) c);
    }
    int last = line.length() - 1;
    return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
  }

  private static final class Body {
    private final InputStream in;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(1024);
    private final byte[] buffer = new byte[8192];
    private long length;

    Body(InputStream in) {
      this.in = in;
    }

    void read(Map<String, String> headers) throws IOException {
      if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
        for (long size = size(); size > 0; size = size()) {
          take(size);
          if (!line(in).isEmpty()) {
            throw new Cut("a chunk that goes on");
          }
        }
        String trailer = line(in);
        while (!trailer.isEmpty()) {
          trailer = line(in);
        }
      } else if (headers.containsKey("content-length")) {
        take(Long.parseLong(headers.getOrDefault("content-length", "0")));
      } else {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          keep(n);
        }
      }
    }

    private long size() throws IOException {
      return Long.parseLong(line(in).split(";", 2)[0].strip(), 16);
    }

    private void take(long count) throws IOException {
      for (long left = count; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          throw new Cut("a body without its end");
        }
        keep(n);
        left -= n;
      }
    }

    private void keep(int count) throws Cut {
      length += count;
      if (length > LONGEST) { // a disk of which most is zeroes has no end that is worth waiting for
        throw new Cut("long enough");
      }
      kept.write(buffer, 0, Math.min(count, LOOKED_AT - kept.size()));
    }
  }
}
