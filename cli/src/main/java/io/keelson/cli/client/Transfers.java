package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Brings files to the server and from it, over connections of their own. */
final class Transfers {
  private static final int PART = 256 << 10;
  private static final int MOST_REDIRECTS = 5;

  private final Server server;
  private final Trust trust;
  private final Screen screen;
  private final Diary diary;
  private final List<Path> fetched = new ArrayList<>();

  Transfers(Server server, Trust trust, Screen screen, Diary diary) {
    this.server = server;
    this.trust = trust;
    this.screen = screen;
    this.diary = diary;
  }

  /** What is done with a connection over which a request was answered with 200. */
  private interface Work {
    void run(Link link, Reply reply) throws IOException;
  }

  /**
   * Fetches what is behind a URL.
   *
   * @param file a new one, or none for the output
   */
  void get(Optional<Path> file, String url) throws IOException {
    ask(
        "GET",
        url,
        "",
        (link, reply) -> {
          try (Progress progress = Progress.ofBytes(screen, reply.length())) {
            if (file.isEmpty()) {
              copy(link.in(), screen.out(), reply.length(), progress);
              screen.out().flush();
            } else {
              try (OutputStream out = create(file.get())) {
                fetched.add(file.get());
                copy(link.in(), out, reply.length(), progress);
              }
            }
          }
        });
  }

  /** Sends a file to what is behind a URL; a pipe until its end. */
  void put(Path file, String url) throws IOException {
    if (!Files.exists(file)) {
      throw new FileNotFoundException("file '" + file + "' does not exist");
    }
    Optional<Long> length =
        Files.isRegularFile(file) ? Optional.of(Files.size(file)) : Optional.empty();
    String header = length.isPresent() ? "Content-Length: " + length.get() + "\r\n" : "";
    ask(
        "PUT",
        url,
        header,
        (link, reply) -> {
          try (InputStream in = Files.newInputStream(file);
              Progress progress = Progress.ofBytes(screen, length)) {
            copy(in, link.out(), length, progress);
            link.out().flush();
            link.endOutput();
          }
        });
  }

  /** The command has failed: what it has fetched is no whole file. */
  void forget() throws IOException {
    for (Path file : fetched) {
      Files.deleteIfExists(file);
    }
  }

  private void ask(String method, String url, String header, Work work) throws IOException {
    Optional<Target> next = Optional.of(Target.of(url, server, trust));
    for (int redirects = 0; next.isPresent(); redirects++) {
      if (redirects > MOST_REDIRECTS) {
        throw new IOException("the server sends us in circles");
      }
      next = ask(method, next.get(), header, work);
    }
  }

  /**
   * @return where the server sends us instead
   */
  private Optional<Target> ask(String method, Target target, String header, Work work)
      throws IOException {
    diary.write(() -> method + " " + withoutQuery(target.path()) + " of " + target.server());
    try (Link link = target.server().open()) {
      // In this version of HTTP a server answers before the body comes, so that it can refuse it.
      String head = method + " " + target.path() + " HTTP/1.0\r\n" + header + "\r\n";
      link.out().write(head.getBytes(US_ASCII));
      link.out().flush();
      Reply reply = Reply.read(link.in());
      diary.write(reply::line);
      if (reply.status() == 302) {
        String location = reply.headers().getOrDefault("location", "");
        return Optional.of(Target.of(location, target.server(), trust));
      }
      if (reply.status() != 200) {
        throw new IOException("the server answered " + reply.line());
      }
      work.run(link, reply);
      return Optional.empty();
    }
  }

  /** What is behind the question mark may hold a session. */
  private static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  private static OutputStream create(Path file) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.newOutputStream(file, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException _) {
      throw new FileNotFoundException("file '" + file + "' exists already");
    } catch (FileSystemException e) {
      throw new FileNotFoundException("file '" + file + "' cannot be made: " + why(e));
    }
  }

  private static String why(FileSystemException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such folder";
      case AccessDeniedException _ -> "access denied";
      default -> Objects.requireNonNullElse(failure.getReason(), "" + failure.getMessage());
    };
  }

  private static void copy(
      InputStream in, OutputStream out, Optional<Long> length, Progress progress)
      throws IOException {
    byte[] part = new byte[PART];
    long done = 0;
    int read = in.read(part);
    while (read >= 0) {
      out.write(part, 0, read);
      done += read;
      progress.add(read);
      read = in.read(part);
    }
    if (length.isPresent() && done != length.get()) {
      throw new EOFException("%d bytes came of %d".formatted(done, length.get()));
    }
  }
}
