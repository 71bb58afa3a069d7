package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A terminal with a program in it, and a person who types. */
final class Terminal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Thread reading;
  private final StringBuilder seen = new StringBuilder();

  /**
   * @param line for a shell
   */
  Terminal(Path folder, Map<String, String> environment, String line) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfec", line, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().remove("NO_COLOR");
    builder.environment().putAll(environment);
    this.process = builder.start();
    this.reading = Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (InputStream in = process.getInputStream()) {
      byte[] part = new byte[1024];
      int read = in.read(part);
      while (read >= 0) {
        synchronized (seen) {
          seen.append(new String(part, 0, read, UTF_8));
        }
        read = in.read(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String seen() {
    synchronized (seen) {
      return seen.toString();
    }
  }

  /** Waits for something to be seen. */
  Terminal awaits(String text) {
    Awaitility.await().atMost(PATIENCE).until(() -> seen().contains(text));
    return this;
  }

  Terminal types(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(UTF_8));
    process.getOutputStream().flush();
    return this;
  }

  /** Waits for the program's end, and answers with all that was seen. */
  String ends(int status) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it goes on: " + seen());
    }
    reading.join();
    if (process.exitValue() != status) {
      throw new AssertionError("it ended with " + process.exitValue() + ": " + seen());
    }
    return seen();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.getOutputStream().close();
    try {
      reading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
