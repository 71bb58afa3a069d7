package io.keelson.store.journal;

import io.keelson.store.codec.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files that Ratis keeps the journal's entries in. */
final class Segments {
  private static final Pattern CLOSED = Pattern.compile("log_(\\d{1,18})-(\\d{1,18})");
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d{1,18})");

  private Segments() {}

  /**
   * One file.
   *
   * @param start number of its first entry
   * @param end number of its last one; empty while it is being written
   */
  record Segment(Path file, long start, OptionalLong end) {}

  /** In the order of their entries. */
  static List<Segment> list(Path folder) throws IOException {
    List<Segment> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> parse(file).ifPresent(found::add));
      }
    }
    found.sort(Comparator.comparingLong(Segment::start));
    return found;
  }

  private static Optional<Segment> parse(Path file) {
    String name = file.getFileName().toString();
    Matcher closed = CLOSED.matcher(name);
    if (closed.matches()) {
      return Optional.of(
          new Segment(
              file,
              Long.parseLong(closed.group(1)),
              OptionalLong.of(Long.parseLong(closed.group(2)))));
    }
    Matcher open = OPEN.matcher(name);
    return open.matches()
        ? Optional.of(new Segment(file, Long.parseLong(open.group(1)), OptionalLong.empty()))
        : Optional.empty();
  }

  /** Cuts a file off; what is left is durable when this returns. */
  static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }

  /** Deletes the files whose entries a snapshot holds, the newest file aside. */
  static void purge(Path folder, long snapshot) throws IOException {
    List<Segment> all = list(folder);
    for (Segment segment : all.subList(0, Math.max(0, all.size() - 1))) {
      if (segment.end().isPresent() && segment.end().getAsLong() <= snapshot) {
        Files.delete(segment.file());
      }
    }
  }

  /**
   * Takes all entries after one away: those that were written but never acknowledged, when the
   * journal failed.
   */
  static void cutAfter(Path folder, long index) throws IOException {
    for (Segment segment : list(folder)) {
      if (segment.start() > index) {
        Files.delete(segment.file());
      } else if (segment.end().isEmpty() || segment.end().getAsLong() > index) {
        SegmentReader reader = new SegmentReader(segment.file());
        long end = SegmentReader.HEADER_LENGTH;
        for (Optional<SegmentReader.Entry> entry = reader.next();
            entry.isPresent() && entry.get().index() <= index;
            entry = reader.next()) {
          end = reader.position();
        }
        truncate(segment.file(), end);
        if (segment.end().isPresent()) {
          Files.move(segment.file(), folder.resolve("log_inprogress_" + segment.start()));
        }
      }
    }
    DurableFiles.syncFolder(folder);
  }
}
