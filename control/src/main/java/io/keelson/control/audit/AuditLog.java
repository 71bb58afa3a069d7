package io.keelson.control.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log on disk. Each line is written whole before the call that it is about is answered,
 * so that the end of the process loses none; it is on the medium a moment later. What a power cut
 * leaves of a line is taken away at the next start, and the chain goes on from the line before.
 */
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  /** What a log may take up. */
  record Bounds(long bytesAFile, int files) {
    static final Bounds USUAL = new Bounds(16L << 20, 16);
  }

  private final Path folder;
  private final Clock clock;
  private final Bounds bounds;
  private Optional<FileChannel> file = Optional.empty();
  private long size;
  private long number;
  private String last = AuditLine.NOTHING;
  private boolean unsaved;
  private long lost;

  AuditLog(Path folder, Clock clock, Bounds bounds) {
    this.folder = folder;
    this.clock = clock;
    this.bounds = bounds;
  }

  /** The log of a folder; nothing is there until {@link #open}. */
  public static AuditLog in(Path folder, Clock clock) {
    return new AuditLog(folder, clock, Bounds.USUAL);
  }

  /** Takes the log up where it ended. */
  public synchronized void open() {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      List<Path> files = AuditFiles.in(folder);
      if (files.isEmpty()) {
        begin();
      } else {
        resume(files.getLast());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log in " + folder + " cannot be opened", e);
    }
  }

  private void resume(Path path) throws IOException {
    cutTorn(path);
    long lines = 0;
    try (BufferedReader in = Files.newBufferedReader(path)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Optional<AuditLine> parsed = AuditLine.parse(line);
        if (parsed.isPresent()) {
          number = parsed.get().number();
          last = parsed.get().hash();
        } else if (lines == 0) {
          last = AuditLine.parseHead(line).orElse(AuditLine.NOTHING);
          number = first(path) - 1;
        }
        lines++;
      }
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.APPEND);
    size = channel.size();
    file = Optional.of(channel);
    if (lines == 0) {
      number = first(path) - 1;
      write(AuditLine.head(last));
    }
  }

  private static long first(Path path) {
    return Long.parseLong(path.getFileName().toString().replaceAll("\\D", ""));
  }

  /** Takes away what is behind the last end of a line. */
  private static void cutTorn(Path path) throws IOException {
    try (RandomAccessFile whole = new RandomAccessFile(path.toFile(), "rw")) {
      long end = whole.length();
      while (end > 0) {
        whole.seek(end - 1);
        if (whole.read() == '\n') {
          break;
        }
        end--;
      }
      whole.setLength(end);
    }
  }

  /** Adds a line. What cannot be written is counted, and told in the log when it can again. */
  synchronized void add(String entry) {
    try {
      if (lost > 0) {
        String note = "('audit' 'LOST' '%d entries could not be written')".formatted(lost);
        append(note);
        lost = 0;
      }
      append(entry);
    } catch (IOException e) {
      lost++;
      LOG.error("an entry of the audit log could not be written: {}", entry, e);
    }
  }

  private void append(String entry) throws IOException {
    if (size >= bounds.bytesAFile()) {
      begin();
    }
    AuditLine line = AuditLine.after(last, number + 1, clock.instant(), entry);
    write(line.text());
    number = line.number();
    last = line.hash();
  }

  private void begin() throws IOException {
    end();
    FileChannel next =
        FileChannel.open(
            AuditFiles.file(folder, number + 1),
            Set.of(StandardOpenOption.APPEND, StandardOpenOption.CREATE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    file = Optional.of(next);
    size = next.size();
    write(AuditLine.head(last));
    List<Path> files = AuditFiles.in(folder);
    for (Path old : files.subList(0, Math.max(0, files.size() - bounds.files()))) {
      Files.delete(old);
    }
  }

  /** All of a line or nothing: half of one is taken away again. */
  private void write(String line) throws IOException {
    FileChannel channel = file.orElseThrow(() -> new IOException("the audit log is closed"));
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      size += bytes.limit();
      unsaved = true;
    } catch (IOException e) {
      channel.truncate(size);
      throw e;
    }
  }

  /** Has what was written on the medium. Lines may be added meanwhile: calls wait for none. */
  public void sync() {
    takeUnsaved()
        .ifPresent(behind -> {
          try {
            behind.force(false);
          } catch (ClosedChannelException closed) {
            LOG.debug("a file is saved before it is closed", closed);
          } catch (IOException e) {
            LOG.error("the audit log could not be brought to the medium", e);
            leaveUnsaved();
          }
        });
  }

  private synchronized Optional<FileChannel> takeUnsaved() {
    Optional<FileChannel> behind = unsaved ? file : Optional.empty();
    unsaved = false;
    return behind;
  }

  private synchronized void leaveUnsaved() {
    unsaved = true;
  }

  /**
   * Hands over the lines there are, oldest first.
   *
   * @param since the time from which on
   */
  public void read(Instant since, Consumer<String> each) throws IOException {
    String from = AuditLine.time(since);
    for (Path path : AuditFiles.in(folder)) {
      try (BufferedReader in = Files.newBufferedReader(path)) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (AuditLine.parse(line).filter(l -> l.time().compareTo(from) >= 0).isPresent()) {
            each.accept(line);
          }
        }
      } catch (NoSuchFileException gone) {
        LOG.debug("the oldest file has made room", gone);
      }
    }
  }

  /** Saves and closes the file, whether or not somebody else is saving it at the moment. */
  private void end() {
    file.ifPresent(channel -> {
      try (channel) {
        channel.force(false);
      } catch (IOException e) {
        LOG.error("a file of the audit log could not be saved and closed", e);
      }
    });
    file = Optional.empty();
    unsaved = false;
  }

  @Override
  public synchronized void close() {
    end();
  }
}
