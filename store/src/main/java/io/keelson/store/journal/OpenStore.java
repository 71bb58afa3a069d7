package io.keelson.store.journal;

import io.keelson.store.StoreConfig;
import io.keelson.store.StoreException;
import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.table.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store's parts, opened: checked, brought up to this program's version, loaded and started.
 *
 * @param firstStamp for volatile changes; higher than any before
 */
public record OpenStore(
    PublishedState published,
    JournalLine line,
    EntryCodec codec,
    long firstStamp,
    Runnable release) {
  private static final Logger LOG = LoggerFactory.getLogger(OpenStore.class);

  /** How far stamps jump with each start, whatever the clock says: more than a run can use up. */
  private static final long STAMP_JUMP = 1L << 40;

  /** Every start begins a file of the journal; after so many, a snapshot lets them go. */
  private static final int MANY_SEGMENTS = 16;

  /**
   * Opens a store, or makes a new one in a folder that has none.
   *
   * @throws StoreException when it is damaged, in use, or newer than this program
   */
  public static OpenStore open(StoreConfig config, StoredModel model) {
    Path root = config.folder().toAbsolutePath();
    FolderLock lock;
    try {
      lock = FolderLock.take(root);
    } catch (IOException e) {
      throw new StoreException("the store in " + root + " cannot be opened: " + e, e);
    }
    Runnable release = () -> release(lock);
    try {
      return open(config, model, root, release);
    } catch (IOException e) {
      release.run();
      throw new StoreException("the store in " + root + " cannot be opened: " + e, e);
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
  }

  private static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("the store's lock was not released: {}", e.toString());
    }
  }

  private static OpenStore open(StoreConfig config, StoredModel model, Path root, Runnable release)
      throws IOException {
    StoreIdentity identity = Upgrade.prepare(root, model);
    JournalFolder folder = new JournalFolder(root, identity.group());
    folder.checkRatisFiles();
    Snapshots snapshots = new Snapshots(folder.snapshots(), new SnapshotFile(model));
    SnapshotFile.Content content =
        snapshots.load().orElseGet(() -> new SnapshotFile.Content(State.EMPTY, List.of(), 0));
    long upTo = snapshots.newest().map(s -> s.upTo().getIndex()).orElse(-1L);
    DurableMark mark = DurableMark.open(folder.mark());
    try {
      JournalCheck.run(folder.entries(), upTo, mark.read());
      Segments.purge(folder.entries(), upTo);
      boolean scattered = Segments.list(folder.entries()).size() > MANY_SEGMENTS;
      long micros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
      long stamp = Math.max(micros, folder.lastStamp() + STAMP_JUMP);
      PublishedState published =
          new PublishedState(content, config.derivation(), config.removalsKept());
      EntryCodec codec = new EntryCodec(model);
      JournalLine line =
          new JournalLine(
              folder, identity, published, codec, snapshots, mark, stamp, config.snapshotEvery());
      try {
        line.start();
        published.replayed(stamp);
        Upgrade.finish(root, identity, model, line);
        if (scattered) {
          line.snapshot(false);
        }
      } catch (IOException | RuntimeException e) {
        published.close();
        throw e;
      }
      return new OpenStore(published, line, codec, stamp, release);
    } catch (IOException | RuntimeException e) {
      mark.close();
      throw e;
    }
  }

  /** Whether a folder holds a store. */
  public static boolean exists(Path root) {
    return Files.exists(JournalFolder.identity(root));
  }
}
