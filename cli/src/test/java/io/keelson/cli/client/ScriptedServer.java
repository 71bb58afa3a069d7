package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.thin.ThinChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The other end of the wire, which says to xe what a test wants, right or wrong. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Command command;
  private final Other other;
  private final List<Thread> threads = new ArrayList<>();
  private String request = "";

  /** What is done when a command comes. */
  interface Command {
    void serve(ThinChannel channel) throws IOException;
  }

  /** What is answered to another request. */
  interface Other {
    void serve(String head, InputStream in, OutputStream out) throws IOException;
  }

  /** How xe ended, and what was seen of it. */
  record Shown(int status, String output, String errors) {}

  ScriptedServer(Command command, Other other) throws IOException {
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.command = command;
    this.other = other;
    start(this::accept);
  }

  /** One that greets, as it should, and serves nothing else. */
  static ScriptedServer greeting(Command command) throws IOException {
    return transferring(command, (_, _, _) -> {});
  }

  static ScriptedServer transferring(Command command, Other other) throws IOException {
    return new ScriptedServer(
        channel -> {
          channel.greet();
          channel.awaitGreeting();
          command.serve(channel);
        },
        other);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** The words of the last command. */
  synchronized String request() {
    return request;
  }

  /** Runs xe against this server, with nobody at the terminal. */
  Shown xe(String input, String... words) {
    return xe(input, Map.of(), words);
  }

  Shown xe(String input, Map<String, String> environment, String... words) {
    List<String> server = List.of("-s", "127.0.0.1", "-p", "" + port(), "--nossl");
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    int status =
        Client.run(
            Stream.concat(Stream.of(words), server.stream()).toList(),
            environment,
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            output,
            errors);
    return new Shown(status, output.toString(UTF_8), errors.toString(UTF_8));
  }

  /** What names a file on the command line. */
  static String named(Path file) {
    return "filename=" + file;
  }

  private synchronized void start(Runnable work) {
    threads.add(Thread.ofVirtual().start(work));
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        start(() -> serve(socket));
      }
    } catch (IOException _) {
      // The test has ended.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      String head = head(in);
      if (head.startsWith("POST /cli ")) {
        String words = new String(in.readNBytes(length(head)), UTF_8);
        synchronized (this) {
          request = words;
        }
        command.serve(new ThinChannel(in, out));
      } else {
        other.serve(head, in, out);
      }
    } catch (IOException _) {
      // xe has hung up, which is what some tests are about.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(new String(in.readNBytes(1), ISO_8859_1));
    }
    return head.toString();
  }

  static int length(String head) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
        .map(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    List<Thread> running;
    synchronized (this) {
      running = List.copyOf(threads);
    }
    try {
      for (Thread thread : running) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
