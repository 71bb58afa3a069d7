package io.keelson.control.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small mail server on the loopback, that remembers all lines it was told. */
public final class MailServer implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final String refusal;
  private final String refused;

  /**
   * @param refusal what it says to lines that hold the text
   */
  public MailServer(String refusal, String refused) throws IOException {
    this.refusal = refusal;
    this.refused = refused;
    Thread.ofVirtual().start(this::serve);
  }

  public int port() {
    return socket.getLocalPort();
  }

  public List<String> received() {
    return List.copyOf(received);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        talk(client);
      } catch (IOException _) {
        // that conversation, or the test, has ended
      }
    }
  }

  private void talk(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
    OutputStream out = client.getOutputStream();
    say(out, "220 test");
    boolean data = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      received.add(line);
      if (data) {
        if (line.equals(".")) {
          data = false;
          say(out, "250 taken");
        }
      } else if (line.contains(refused)) {
        say(out, refusal);
      } else if (line.startsWith("EHLO")) {
        say(out, "250-test\r\n250 8BITMIME");
      } else if (line.equals("DATA")) {
        data = true;
        say(out, "354 go on");
      } else if (line.equals("QUIT")) {
        say(out, "221 bye");
        return;
      } else {
        say(out, "250 ok");
      }
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
