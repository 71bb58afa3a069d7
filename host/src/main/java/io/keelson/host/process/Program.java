package io.keelson.host.process;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs a program to its end and gathers what it says, within bounds. */
public final class Program {
  private static final int MOST_TEXT = 1 << 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  private Program() {}

  /**
   * What a program left behind.
   *
   * @param exit its exit code
   * @param output the start of its standard output
   * @param errors the start of its standard error
   */
  public record Outcome(int exit, String output, String errors) {
    public boolean ok() {
      return exit == 0;
    }

    /** What it said about its failure, on one line. */
    public String complaint() {
      String text = errors.isBlank() ? output : errors;
      String line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
      return line.isEmpty() ? "exit code " + exit : line;
    }
  }

  /**
   * Runs the program. Raises UNSUPPORTED when it is not installed, FAILED when it takes longer than
   * the limit; its exit code is the caller's to judge.
   */
  public static Outcome run(Duration limit, List<String> command) {
    return run(limit, command, Map.of());
  }

  /** The same with variables for its environment, which other users do not see. */
  public static Outcome run(Duration limit, List<String> command, Map<String, String> environment) {
    return run(limit, command, environment, Progress.NONE, text -> {});
  }

  /**
   * Runs the program, hands on each piece of output as it comes, and ends it when the caller
   * cancels (raises CANCELLED). The limit is on silence: each piece of output starts it anew.
   */
  public static Outcome run(
      Duration limit, List<String> command, Progress progress, Consumer<String> listener) {
    return run(limit, command, Map.of(), progress, listener);
  }

  private static Outcome run(
      Duration limit,
      List<String> command,
      Map<String, String> environment,
      Progress progress,
      Consumer<String> listener) {
    Process process = start(command, environment);
    Listener output = new Listener(process.getInputStream());
    Listener errors = new Listener(process.getErrorStream());
    Thread reader = Thread.ofVirtual().start(output);
    Thread errorReader = Thread.ofVirtual().start(errors);
    try {

      while (!process.waitFor(POLL.toNanos(), TimeUnit.NANOSECONDS)) {
        listener.accept(output.news());
        if (progress.cancelled()) {
          throw new DriverException(Reason.CANCELLED, name(command) + " was cancelled");
        }
        if (output.silence() > limit.toNanos()) {
          throw new DriverException(
              Reason.FAILED, name(command) + " did not end within " + limit.toSeconds() + " s");
        }
      }
      // What it left running in the background may hold its output open for as long as it likes.
      boolean _ = reader.join(LAST_WORDS) && errorReader.join(LAST_WORDS);
      return new Outcome(process.exitValue(), output.text(), errors.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, name(command) + " was interrupted", e);
    } finally {
      end(process);
    }
  }

  private static Process start(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new DriverException(
          Reason.UNSUPPORTED, "cannot run " + name(command) + ": " + e.getMessage(), e);
    }
  }

  private static void end(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      // The files it writes are removed next, so it must be gone and not merely told to go.
      process.destroyForcibly().onExit().join();
    }
  }

  private static String name(List<String> command) {
    return command.getFirst();
  }

  /** Reads a stream to its end, so that the program never waits, and keeps its start. */
  private static final class Listener implements Runnable {
    private final InputStream in;
    private final StringBuilder text = new StringBuilder();
    private int told;
    private volatile long heard = System.nanoTime();

    Listener(InputStream in) {
      this.in = in;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          heard = System.nanoTime();
          keep(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // The program was ended; what it said until then is all there is.
        return;
      }
    }

    private synchronized void keep(String piece) {
      if (text.length() < MOST_TEXT) {
        text.append(piece);
      }
    }

    /** What was said since the call before. */
    synchronized String news() {
      String news = text.substring(told);
      told = text.length();
      return news;
    }

    long silence() {
      return System.nanoTime() - heard;
    }

    synchronized String text() {
      return text.toString();
    }
  }
}
