package io.keelson.host.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Compresses a stream with the program {@code bzip2}. */
public final class Bzip2 extends OutputStream {
  private final Process program;
  private final OutputStream in;
  private final CompletableFuture<Void> copied = new CompletableFuture<>();
  private boolean closed;

  private Bzip2(Process program, OutputStream out) {
    this.program = program;
    this.in = program.getOutputStream();
    Thread.ofVirtual().name("bzip2").start(() -> copy(program.getInputStream(), out));
  }

  /** Whether the machine has the program. */
  public static boolean isThere() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "bzip2")));
  }

  /**
   * A stream to be closed when all is written, which closes {@code out} too and says whether all of
   * it has arrived.
   */
  public static Bzip2 to(OutputStream out) throws IOException {
    return new Bzip2(
        new ProcessBuilder("bzip2", "--compress", "--stdout")
            .redirectError(Redirect.DISCARD)
            .start(),
        out);
  }

  private void copy(InputStream from, OutputStream out) {
    try (from;
        out) {
      long _ = from.transferTo(out);
      copied.complete(null);
    } catch (IOException | RuntimeException e) {
      copied.completeExceptionally(e);
      program.destroy(); // nobody takes what it writes
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      in.write(bytes, offset, length);
    } catch (IOException e) {
      awaitCopied();
      throw e;
    }
  }

  private void awaitCopied() throws IOException {
    try {
      copied.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused; // what the reader's side says
      }
      throw new IOException("what bzip2 wrote did not arrive", e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (in) {
      in.flush();
    }
    awaitCopied();
    try {
      if (program.waitFor() != 0) {
        throw new IOException("bzip2 ended with status " + program.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      program.destroyForcibly();
      throw new IOException("interrupted while bzip2 was at work", e);
    }
  }
}
