package io.keelson.store.journal;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.store.Snapshot;
import io.keelson.store.StoreException;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.table.ClassSchema;
import io.keelson.store.table.Schema;
import io.keelson.store.table.StateEditor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;

/** A store that begins with the objects of a copy, and takes another's place while nobody runs. */
public final class StoreSeed {
  private StoreSeed() {}

  /**
   * Writes a store into a folder that has none. Removals are forgotten, so that whoever watched the
   * other store hears that events are lost.
   *
   * @param generation that it begins with; higher than any that clients may know
   */
  public static void write(Snapshot objects, long generation, Path folder) throws IOException {
    StateEditor editor = StateEditor.restoring(generation);
    Schema.CURRENT.classes().forEach(of -> copy(objects, of, editor));
    editor.check();
    StoredModel model = StoredModel.CURRENT;
    StoreIdentity identity = StoreIdentity.fresh(model.version(), model.fingerprint());
    JournalFolder seed = new JournalFolder(folder, identity.group());
    new Snapshots(seed.snapshots(), new SnapshotFile(model))
        .write(
            TermIndex.valueOf(0, generation),
            new SnapshotFile.Content(editor.build(), List.of(), generation));
    identity.write(JournalFolder.identity(folder));
  }

  private static <R extends ApiRecord> void copy(
      Snapshot objects, ClassSchema<R> of, StateEditor editor) {
    ApiClass<R> apiClass = of.apiClass();
    objects
        .rows(apiClass)
        .forEach(row ->
            editor.restore(apiClass, row.ref(), row.record(), row.created(), row.modified()));
  }

  /** Something to do with a store's folder. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  /**
   * Does something while no server can open the store, and none has it open.
   *
   * @param root of a store, or where one may be
   * @throws StoreException when one has it open
   */
  public static void alone(Path root, Work work) throws IOException {
    try (FolderLock _ = FolderLock.take(root)) {
      work.run();
    }
  }
}
