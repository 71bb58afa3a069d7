package io.keelson.control.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/**
 * Hands mail to a server that takes it without a login, as those within a site do (RFC 5321).
 *
 * @param patience for a connection, and for each answer
 */
public record SmtpClient(Duration patience) {
  static final String SENDER = "keelson@localhost";

  private static final int LONGEST_LINE = 1000;
  private static final int MOST_LINES = 100;

  public static SmtpClient usual() {
    return new SmtpClient(Duration.ofSeconds(20));
  }

  /**
   * Returns once the server has taken the mail for all who are to get it.
   *
   * @throws IOException why it has not
   */
  public void send(String server, int port, Mail mail) throws IOException {
    if (mail.to().isEmpty()) {
      throw new IOException("there is nobody to send it to");
    }
    try (Socket socket = new Socket()) {
      int millis = Math.toIntExact(patience.toMillis());
      socket.connect(new InetSocketAddress(server, port), millis);
      socket.setSoTimeout(millis);
      Exchange with =
          new Exchange(
              new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)),
              socket.getOutputStream());
      with.expect(220);
      with.say("EHLO localhost", 250);
      with.say("MAIL FROM:<" + SENDER + ">", 250);
      for (String address : mail.to()) {
        with.say("RCPT TO:<" + address + ">", 250);
      }
      with.say("DATA", 354);
      with.data(mail.lines());
      with.expect(250);
      with.say("QUIT", 221);
    }
  }

  /** Lines there and back. */
  private record Exchange(BufferedReader in, OutputStream out) {

    void say(String line, int expected) throws IOException {
      write(List.of(line));
      expect(expected);
    }

    /** A line of the text that begins with a dot gets another, and a dot alone ends it. */
    void data(List<String> lines) throws IOException {
      write(lines.stream().map(line -> line.startsWith(".") ? "." + line : line).toList());
      write(List.of("."));
    }

    private void write(List<String> lines) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String line : lines) {
        if (line.chars().anyMatch(c -> c == '\r' || c == '\n')) {
          throw new IOException("a line holds an end of line");
        }
        text.append(line).append("\r\n");
      }
      out.write(text.toString().getBytes(US_ASCII));
      out.flush();
    }

    /** All lines but the last of an answer have a hyphen after the number. */
    void expect(int expected) throws IOException {
      for (int i = 0; i < MOST_LINES; i++) {
        String line = line();
        if (!line.startsWith(Integer.toString(expected))) {
          throw new IOException("the server says: " + line);
        }
        if (line.length() < 4 || line.charAt(3) != '-') {
          return;
        }
      }
      throw new IOException("the server does not come to an end");
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0 || line.length() > LONGEST_LINE) {
          throw new IOException("the server ended the conversation");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
