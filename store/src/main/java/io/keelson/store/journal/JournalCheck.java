package io.keelson.store.journal;

import io.keelson.store.StoreException;
import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole journal before Ratis does. Ratis alone takes a damaged length near the end of a
 * file for an unfinished entry and goes on without what follows; here, an entry that is known to
 * have been durable must be whole, and only one after it may be cut short.
 */
final class JournalCheck {
  private static final Logger LOG = LoggerFactory.getLogger(JournalCheck.class);

  private final long snapshot;
  private final long durable;

  private JournalCheck(long snapshot, long durable) {
    this.snapshot = snapshot;
    this.durable = Math.max(snapshot, durable);
  }

  /**
   * Checks every entry and cuts an unfinished one off the end.
   *
   * @param snapshot number of the last entry that a snapshot holds
   * @param durable number of the newest entry known durable
   * @throws StoreException when something is damaged or missing, naming file and offset
   */
  static void run(Path folder, long snapshot, long durable) throws IOException {
    new JournalCheck(snapshot, durable).check(Segments.list(folder), folder);
  }

  private void check(List<Segments.Segment> segments, Path folder) throws IOException {
    long last = snapshot;
    boolean first = true;
    for (Segments.Segment segment : segments) {
      boolean joins = first ? segment.start() <= snapshot + 1 : segment.start() == last + 1;
      if (!joins) {
        throw new StoreException(
            "%s is damaged at offset 0: it starts with entry %d, and what is before it ends with %d"
                .formatted(segment.file(), segment.start(), last));
      }
      if (segment.end().isEmpty() && !segment.equals(segments.getLast())) {
        throw damaged(segment.file(), 0, "another file follows an unfinished one");
      }
      last = check(segment);
      first = false;
    }
    if (last < durable) {
      throw new StoreException(
          "%s is damaged: the journal ends with entry %d, and entry %d was acknowledged"
              .formatted(folder, last, durable));
    }
  }

  /** Number of its last entry. */
  private long check(Segments.Segment segment) throws IOException {
    SegmentReader reader = new SegmentReader(segment.file());
    if (!reader.headerIsWhole()) {
      if (segment.end().isEmpty() && segment.start() > durable && reader.headerIsTorn()) {
        LOG.warn("{} was never begun: removed", segment.file());
        Files.delete(segment.file());
        return segment.start() - 1;
      }
      throw damaged(segment.file(), 0, "not a journal file");
    }
    long expected = segment.start();
    for (Optional<SegmentReader.Entry> entry = reader.next();
        entry.isPresent();
        entry = reader.next()) {
      if (entry.get().index() != expected) {
        throw damaged(
            segment.file(),
            reader.position(),
            "entry %d where %d should be".formatted(entry.get().index(), expected));
      }
      expected++;
    }
    long end = expected - 1;
    if (segment.end().isPresent()) {
      if (end != segment.end().getAsLong() || reader.position() != reader.length()) {
        throw damaged(segment.file(), reader.position(), "checksum mismatch");
      }
    } else if (reader.position() != reader.length()) {
      checkTail(segment, reader, expected);
    }
    return end;
  }

  private void checkTail(Segments.Segment segment, SegmentReader reader, long expected)
      throws IOException {
    long end = reader.position();
    if (!reader.onlyZerosLeft()) {
      if (expected <= durable) {
        throw damaged(segment.file(), end, "checksum mismatch in an acknowledged entry");
      }
      for (Optional<SegmentReader.Entry> later = reader.search();
          later.isPresent();
          later = reader.next().or(reader::search)) {
        if (knownDurable(later.get().content()) >= expected) {
          throw damaged(segment.file(), end, "checksum mismatch before whole entries");
        }
      }
      LOG.warn("{}: entry {} was never finished: removed", segment.file(), expected);
    }
    Segments.truncate(segment.file(), end);
  }

  private static long knownDurable(LogEntryProto entry) {
    if (!entry.hasStateMachineLogEntry()) {
      return 0;
    }
    try {
      return EntryCodec.durable(
          entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    } catch (MalformedException _) {
      return 0;
    }
  }

  private static StoreException damaged(Path file, long offset, String what) {
    return new StoreException(file + " is damaged at offset " + offset + ": " + what);
  }
}
