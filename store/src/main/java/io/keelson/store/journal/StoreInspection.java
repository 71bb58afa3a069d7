package io.keelson.store.journal;

import io.keelson.api.ApiError;
import io.keelson.store.StoreException;
import io.keelson.store.codec.DurableFiles;
import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.MalformedException;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.table.Change;
import io.keelson.store.table.State;
import io.keelson.store.table.StateEditor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A store that no server has open, read from end to end as a start would, and further where a start
 * would give up. The work is done on a copy: the store is not written to.
 *
 * @param state the objects, as far as they could be read; references may name nothing
 * @param faults of the files, a sentence each
 * @param entries how many of the journal were read
 */
public record StoreInspection(State state, List<String> faults, long entries) {

  /**
   * @throws StoreException when there is no store, it is in use, or newer than this program
   */
  public static StoreInspection of(Path folder) throws IOException {
    Path root = folder.toAbsolutePath();
    if (!OpenStore.exists(root)) {
      throw new StoreException("there is no store in " + root);
    }
    try (FolderLock _ = FolderLock.take(root)) {
      Path copy = Files.createTempDirectory("keelson-fsck");
      try {
        Upgrade.copyStore(root, copy);
        return new Reading(copy, root).inspection();
      } finally {
        DurableFiles.removeTree(copy);
      }
    }
  }

  /** One look at a copy. */
  private static final class Reading {
    private final Path copy;
    private final Path original;
    private final List<String> faults = new ArrayList<>();
    private final SnapshotFile format = new SnapshotFile(StoredModel.CURRENT);
    private final EntryCodec codec = new EntryCodec(StoredModel.CURRENT);
    private State state = State.EMPTY;
    private long upTo = -1;
    private long entries;

    Reading(Path copy, Path original) {
      this.copy = copy;
      this.original = original;
    }

    StoreInspection inspection() throws IOException {
      StoreIdentity identity;
      try {
        identity = StoreIdentity.read(JournalFolder.identity(copy));
      } catch (StoreException e) {
        fault(e);
        return result();
      }
      if (identity.format() != StoreIdentity.FORMAT
          || identity.model() > StoredModel.CURRENT.version()) {
        throw new StoreException("the store in " + original + " is of another version");
      }
      JournalFolder folder = new JournalFolder(copy, identity.group());
      attempt(folder::checkRatisFiles);
      snapshots(folder);
      attempt(() -> journal(folder));
      if (faults.isEmpty()) {
        attempt(() -> replay(folder));
      }
      return result();
    }

    private StoreInspection result() {
      return new StoreInspection(state, List.copyOf(faults), entries);
    }

    private void snapshots(JournalFolder folder) throws IOException {
      List<Snapshots.Snapshot> all = new Snapshots(folder.snapshots(), format).list();
      for (Snapshots.Snapshot snapshot : all) {
        attempt(() -> SnapshotFile.verify(snapshot.file()));
      }
      if (!all.isEmpty()) {
        Snapshots.Snapshot newest = all.getLast();
        upTo = newest.upTo().getIndex();
        attempt(() -> state = format.readAsFound(newest.file()).state());
      }
    }

    private void journal(JournalFolder folder) throws IOException {
      try (DurableMark mark = DurableMark.open(folder.mark())) {
        JournalCheck.run(folder.entries(), upTo, mark.read());
      }
    }

    private void replay(JournalFolder folder) throws IOException {
      for (Segments.Segment segment : Segments.list(folder.entries())) {
        SegmentReader reader = new SegmentReader(segment.file());
        for (Optional<SegmentReader.Entry> entry = reader.next();
            entry.isPresent();
            entry = reader.next()) {
          entries++;
          if (entry.get().index() > upTo && entry.get().content().hasStateMachineLogEntry()) {
            apply(entry.get());
          }
        }
      }
    }

    private void apply(SegmentReader.Entry entry) {
      try {
        StateEditor editor = StateEditor.change(state, entry.index());
        for (Change<?> change :
            codec.decode(
                entry.content().getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer())) {
          change.applyTo(editor);
        }
        state = editor.build();
      } catch (ApiError | MalformedException e) {
        faults.add("entry %d cannot be applied: %s".formatted(entry.index(), e.getMessage()));
      }
    }

    /** A step of reading. */
    @FunctionalInterface
    private interface Step {
      void run() throws IOException;
    }

    private void attempt(Step step) {
      try {
        step.run();
      } catch (IOException | StoreException | ApiError | MalformedException e) {
        fault(e);
      }
    }

    /** Names the file where it really is. */
    private void fault(Exception e) {
      String text = String.valueOf(e.getMessage()).replace(copy.toString(), original.toString());
      if (!faults.contains(text)) {
        faults.add(text);
      }
    }
  }
}
