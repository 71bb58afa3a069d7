package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.thin.ThinChannel;
import io.keelson.cli.thin.ThinProtocolException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands: finds the server, says to it what its user wants, and does what it then asks. */
public final class Client {
  static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final String LOOPBACK = "127.0.0.1";
  private static final String USAGE =
      """
      Usage: xe <cmd> [-s server] [-p port] ([-u username] [-pw password] or [-pwf <password file>]) \
      [--nossl] [--fingerprint <SHA-256>] [--debug] [--debug-on-fail] <other arguments>

      A full list of commands can be obtained by running
      \txe help --all
      """;

  private final Screen screen;
  private final Map<String, String> environment;

  private Client(Screen screen, Map<String, String> environment) {
    this.screen = screen;
    this.environment = environment;
  }

  /**
   * Runs a command of which no stream is a terminal.
   *
   * @param words as on a command line, without the program's name
   * @param environment of which HOME, XDG_CONFIG_HOME, KEELSON_DATA, XE_EXTRA_ARGS and
   *     SSL_CERT_FILE are looked at
   * @return the exit status
   */
  public static int run(
      List<String> words,
      Map<String, String> environment,
      InputStream in,
      OutputStream out,
      OutputStream err) {
    return run(words, environment, Screen.unattended(in, out, err));
  }

  static int run(List<String> words, Map<String, String> environment, Screen screen) {
    try {
      return new Client(screen, environment).run(words);
    } catch (IOException _) {
      return 1; // nobody is there to be told
    }
  }

  private int run(List<String> words) throws IOException {
    try {
      Options options = Options.read(words, environment);
      switch (options.wish()) {
        case VERSION -> {
          screen.print("ThinCLI protocol: " + ThinChannel.MAJOR + "." + ThinChannel.MINOR);
          return 0;
        }
        case USAGE -> {
          screen.note(USAGE);
          return 0;
        }
        case COMMAND -> {}
      }
      if (options.words().isEmpty()) {
        throw ClientException.usage("");
      }
      Diary diary = new Diary(screen, options.debug(), options.debugOnFail());
      int status = command(options, diary);
      if (status != 0) {
        diary.tell();
      }
      return status;
    } catch (ClientException e) {
      if (!e.text().isBlank()) {
        screen.error(e.text());
      }
      if (e.isUsage()) {
        screen.note(USAGE);
      }
      return 1;
    }
  }

  private int command(Options options, Diary diary) throws IOException {
    try {
      return asked(options, diary);
    } catch (ClientException | Screen.NobodyReadsException e) {
      throw e;
    } catch (ThinProtocolException e) {
      screen.error("Unexpected message from server: " + e.getMessage() + "\n");
    } catch (EOFException _) {
      screen.error("Lost connection to the server.\n");
    } catch (IOException e) {
      screen.error("Lost connection to the server: " + e.getMessage() + "\n");
    }
    diary.tell();
    return 1;
  }

  private int asked(Options options, Diary diary) throws IOException {
    Trust trust = new Trust(options.fingerprint(), screen, environment);
    Server server = server(options, trust);
    byte[] request = request(options, server);
    diary.write(() -> "Connecting to " + server);
    try (Link link = server.open()) {
      OutputStream out = new BufferedOutputStream(link.out(), 1 << 16);
      String head =
          "POST /cli HTTP/1.0\r\nUser-agent: xe-cli/Unix/"
              + ThinChannel.MAJOR
              + "."
              + ThinChannel.MINOR
              + "\r\ncontent-length: "
              + request.length
              + "\r\n\r\n";
      out.write(head.getBytes(UTF_8));
      out.write(request);
      out.flush();
      ThinChannel channel = new ThinChannel(new BufferedInputStream(link.in(), 1 << 16), out);
      greet(channel);
      return new Conversation(channel, screen, Permits.of(options.words()), server, trust, diary)
          .run();
    }
  }

  private static void greet(ThinChannel channel) throws IOException {
    try {
      channel.awaitGreeting();
    } catch (EOFException _) {
      throw ClientException.failed(
          "Unable to contact server. Please check server and port settings.");
    } catch (ThinProtocolException e) {
      throw ClientException.usage(
          "Failed to contact a running management agent: %s.\nTry specifying a server name and port."
              .formatted(e.getMessage()));
    }
    channel.greet();
  }

  /** Without a name or a port the server of this machine, over its socket. */
  private Server server(Options options, Trust trust) throws IOException {
    if (options.server().isEmpty() && options.port().isEmpty() && !options.plain()) {
      return LocalServer.find(environment);
    }
    String host = options.server().orElse(LOOPBACK);
    if (host.startsWith("/")) {
      return new Server.Local(Path.of(host));
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return options.plain()
        ? new Server.Plain(host, options.port().orElse(HTTP))
        : new Server.Secure(host, options.port().orElse(HTTPS), trust);
  }

  /** The words, one a line, and at last as whom they are said. */
  private byte[] request(Options options, Server server) throws IOException {
    List<String> lines = new ArrayList<>(options.words());
    if (options.user().isPresent()) {
      lines.add("username=" + options.user().get());
      lines.add("password=" + password(options, server));
    }
    return String.join("\n", lines).getBytes(UTF_8);
  }

  private String password(Options options, Server server) throws IOException {
    if (options.password().isPresent()) {
      return options.password().get();
    }
    boolean needless =
        server instanceof Server.Local(var socket)
            && options.user().get().equals("root")
            && LocalServer.trusts(socket);
    if (needless || !screen.canAsk()) {
      return "";
    }
    try (Tty _ = Tty.withoutEcho()) {
      screen.note("Password: ");
      return screen.line();
    } finally {
      screen.note("\n");
    }
  }
}
