package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The user's end: what xe prints goes there as UTF-8, and what is typed comes from there.
 *
 * @param typed whether a person types the input
 * @param shown whether a person looks at the output
 * @param told whether a person looks at the errors
 * @param colours whether who looks wants colours
 */
record Screen(
    InputStream in,
    OutputStream out,
    OutputStream err,
    boolean typed,
    boolean shown,
    boolean told,
    boolean colours) {
  private static final String RED = "\033[31m";
  private static final String NORMAL = "\033[0m";

  /** Nobody sits there: files, pipes, other programs. */
  static Screen unattended(InputStream in, OutputStream out, OutputStream err) {
    return new Screen(in, out, err, false, false, false, false);
  }

  /** The process's own streams, which may be a terminal. */
  static Screen own(InputStream in, OutputStream out, OutputStream err, boolean colours) {
    return new Screen(in, out, err, isTerminal(0), isTerminal(1), isTerminal(2), colours);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException _) {
      return false;
    }
  }

  /** Whether a person can be asked something and answer. */
  boolean canAsk() {
    return typed && told;
  }

  /** Prints a line of output. */
  void print(String line) throws IOException {
    write(out, (shown && colours ? Headings.coloured(line) : line) + "\n");
  }

  /** Prints text of an error. */
  void error(String text) throws IOException {
    if (!told || !colours || text.isBlank()) {
      note(text);
      return;
    }
    int end = text.endsWith("\n") ? text.length() - 1 : text.length();
    note(RED + text.substring(0, end) + NORMAL + text.substring(end));
  }

  /** Prints text beside the output that is no error. */
  void note(String text) throws IOException {
    write(err, text);
  }

  /** A line that is typed, without its end; empty at the end of the input. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    String text = line.toString(UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private static void write(OutputStream stream, String text) throws IOException {
    try {
      stream.write(text.getBytes(UTF_8));
      stream.flush();
    } catch (IOException e) {
      throw new NobodyReadsException(e);
    }
  }

  /** Whoever read the output has gone: there is nobody to be told either. */
  static final class NobodyReadsException extends IOException {
    NobodyReadsException(IOException cause) {
      super(cause);
    }
  }
}
