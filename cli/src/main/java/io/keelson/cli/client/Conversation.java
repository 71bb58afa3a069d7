package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.Message.Response;
import io.keelson.cli.thin.ThinChannel;
import io.keelson.cli.thin.ThinProtocolException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One command: does what the server asks until it says with which status to end. */
final class Conversation {
  private static final int PART = 1 << 20;

  private final ThinChannel channel;
  private final Screen screen;
  private final Permits permits;
  private final Transfers transfers;
  private final Server server;
  private final Trust trust;
  private final Diary diary;
  private final WorkBar bar;

  Conversation(
      ThinChannel channel,
      Screen screen,
      Permits permits,
      Server server,
      Trust trust,
      Diary diary) {
    this.channel = channel;
    this.screen = screen;
    this.permits = permits;
    this.server = server;
    this.trust = trust;
    this.diary = diary;
    this.transfers = new Transfers(server, trust, screen, diary);
    this.bar = new WorkBar(screen);
  }

  /** An exit status that xe has found itself. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
  }

  int run() throws IOException {
    boolean well = false;
    try {
      int status = listen();
      well = status == 0;
      return status;
    } catch (Ended _) {
      return 1;
    } finally {
      bar.end();
      if (!well) {
        transfers.forget();
      }
    }
  }

  private int listen() throws IOException, Ended {
    while (true) {
      Message message = channel.receive();
      // What most commands are made of comes before the switch, which costs the JVM some
      // milliseconds when it is gone through for the first time.
      if (message instanceof Message.Print(String text)) {
        bar.end();
        screen.print(text);
      } else if (message instanceof Message.Exit(int status)) {
        return status;
      } else {
        serve(message);
      }
    }
  }

  private void serve(Message message) throws IOException, Ended {
    switch (message) {
      case Message.PrintError(String text) -> {
        if (!bar.takes(text)) {
          screen.error(text);
        }
      }
      case Message.Debug(String text) -> diary.write(() -> "debug from server: " + text);
      case Message.Load(String file) -> load(permits.file(file));
      case Message.HttpGet(String file, String url) -> {
        Optional<Path> into =
            file.isEmpty() ? Optional.empty() : Optional.of(permits.newFile(file));
        transfer(() -> transfers.get(into, url));
      }
      case Message.HttpPut(String file, String url) -> {
        Path from = permits.file(file);
        transfer(() -> transfers.put(from, url));
      }
      case Message.HttpConnect(String url) -> connect(url);
      case Message.Prompt() -> answer();
      case Message.Failure(String code, List<String> parameters) ->
          screen.error(
              "Error code: %s\nError parameters: %s\n"
                  .formatted(code, String.join(", ", parameters)));
      case Message.Print _, Message.Exit _ ->
          throw new IllegalStateException("dealt with already: " + message);
      case Response _, Message.Chunk _, Message.End _ ->
          throw new ThinProtocolException("not for a client: " + message);
    }
  }

  /** The server is told how it went; where it cannot find out itself why, its user is told here. */
  private void transfer(Link.Deed deed) throws IOException, Ended {
    bar.end();
    try {
      try (Heartbeat _ = new Heartbeat(channel)) {
        deed.run();
      }
      channel.send(Response.OK);
    } catch (FileNotFoundException e) {
      channel.send(Response.FAILED);
      screen.error("Operation failed. Error: " + e.getMessage() + "\n");
      throw new Ended();
    } catch (ClientException | Screen.NobodyReadsException e) {
      channel.send(Response.FAILED);
      throw e;
    } catch (IOException e) {
      diary.write(() -> "the transfer failed: " + e);
      channel.send(Response.FAILED); // the server tells why, as it found it on its side
    }
  }

  private void load(Path file) throws IOException {
    byte[] part = new byte[PART];
    try (InputStream in = Files.newInputStream(file)) {
      int read = in.readNBytes(part, 0, PART);
      channel.send(Response.OK);
      while (read > 0) {
        channel.send(new Message.Chunk(read));
        channel.send(part, 0, read);
        read = in.readNBytes(part, 0, PART);
      }
    } catch (FileSystemException e) {
      diary.write(() -> "cannot read: " + e);
      channel.send(Response.FAILED);
      return;
    }
    channel.send(new Message.End());
  }

  private void answer() throws IOException {
    bar.end();
    byte[] line = screen.line().getBytes(UTF_8);
    channel.send(new Message.Chunk(line.length));
    channel.send(line, 0, line.length);
    channel.send(new Message.End());
  }

  private void connect(String url) throws IOException {
    boolean connected;
    try (Heartbeat _ = new Heartbeat(channel)) {
      connected = new ConsoleLink(screen).join(Target.of(url, server, trust));
    }
    channel.send(connected ? Response.OK : Response.FAILED);
  }
}
