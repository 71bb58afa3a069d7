package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.stream.Stream;

/**
 * The terminal's settings while they are others than usual: whatever ends the program, they are put
 * back.
 */
final class Tty implements AutoCloseable {
  private static final File TERMINAL = new File("/dev/tty");

  private final String before;
  private final Thread atEnd = new Thread(this::restore, "terminal");

  private Tty(String before) {
    this.before = before;
  }

  /** What is typed is not shown. */
  static Tty withoutEcho() throws IOException {
    return with("-echo");
  }

  /** Every key is passed on at once, as it is. */
  static Tty raw() throws IOException {
    return with("raw", "-echo");
  }

  private static Tty with(String... settings) throws IOException {
    Tty tty = new Tty(stty("-g").strip());
    Runtime.getRuntime().addShutdownHook(tty.atEnd);
    String _ = stty(settings);
    return tty;
  }

  @Override
  public void close() {
    boolean _ = Runtime.getRuntime().removeShutdownHook(atEnd);
    restore();
  }

  private void restore() {
    try {
      String _ = stty(before);
    } catch (IOException _) {
      // The terminal has gone, and with it what was set.
    }
  }

  private static String stty(String... words) throws IOException {
    List<String> command = Stream.concat(Stream.of("stty"), Stream.of(words)).toList();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(TERMINAL))
            .redirectError(Redirect.DISCARD);
    builder.environment().remove(Main.WORDS);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("stty does not know the terminal");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }
}
