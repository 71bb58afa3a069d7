package io.keelson.cli.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.Terminal;
import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.ThinChannel;
import io.keelson.cli.thin.ThinProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The user's end behind the thin protocol. */
final class ThinTerminal implements Terminal {
  /** A certificate, a list of settings: nothing that a command keeps in memory is larger. */
  private static final int LONGEST_FILE = 16 << 20;

  private final ThinChannel channel;

  ThinTerminal(ThinChannel channel) {
    this.channel = channel;
  }

  @Override
  public void print(String line) throws IOException {
    channel.send(new Message.Print(line));
  }

  @Override
  public void printError(String text) throws IOException {
    channel.send(new Message.PrintError(text));
  }

  @Override
  public void fail(String code, List<String> parameters) throws IOException {
    channel.send(new Message.Failure(code, parameters));
  }

  @Override
  public Optional<byte[]> load(String file) throws IOException {
    channel.send(new Message.Load(file));
    return done() ? Optional.of(bytes("The file " + file)) : Optional.empty();
  }

  @Override
  public boolean fetch(String file, String path) throws IOException {
    channel.send(new Message.HttpGet(file, path));
    return done();
  }

  @Override
  public boolean send(String file, String path) throws IOException {
    channel.send(new Message.HttpPut(file, path));
    return done();
  }

  @Override
  public boolean join(String path) throws IOException {
    channel.send(new Message.HttpConnect(path));
    return done();
  }

  @Override
  public void knock() throws IOException {
    channel.send(new Message.Debug(""));
  }

  @Override
  public String ask() throws IOException {
    channel.send(new Message.Prompt());
    return new String(bytes("The answer"), UTF_8).strip();
  }

  private boolean done() throws IOException {
    while (true) {
      Message answer = channel.receive();
      if (answer == Message.Response.OK || answer == Message.Response.FAILED) {
        return answer == Message.Response.OK;
      }
      if (answer != Message.Response.WAIT) {
        throw new ThinProtocolException("no answer to a command: " + answer);
      }
    }
  }

  /**
   * The chunks that come. Those of a file that is too large are heard to their end: the user's end
   * sends them before it listens to what is wrong with them.
   */
  private byte[] bytes(String what) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    boolean whole = true;
    while (true) {
      switch (channel.receive()) {
        case Message.Chunk(int length) -> {
          whole = whole && length <= LONGEST_FILE - file.size();
          if (whole) {
            file.writeBytes(channel.readFully(length));
          } else {
            channel.skip(length);
          }
        }
        case Message.End() -> {
          if (!whole) {
            throw CommandException.failed(what + " is too large: more than 16 MiB");
          }
          return file.toByteArray();
        }
        case Message.Command other -> throw new ThinProtocolException("no file: " + other);
        case Message.Response other -> throw new ThinProtocolException("no file: " + other);
      }
    }
  }
}
