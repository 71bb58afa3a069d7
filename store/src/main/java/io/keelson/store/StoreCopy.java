package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.table.ClassSchema;
import io.keelson.store.table.Schema;
import io.keelson.store.table.StateEditor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A copy of the objects as a file of its own, in the format of the store's snapshots: checksums
 * show every damage, and what an older version of the program has written is read by a newer one.
 */
public final class StoreCopy {
  private StoreCopy() {}

  /** Decides what a copy has of the objects. */
  @FunctionalInterface
  public interface Choice {
    /** The object as the copy has it; empty to leave it out, as all must be that refer to it. */
    <R extends ApiRecord> Optional<R> of(ApiClass<R> apiClass, R record);
  }

  /** Writes a file, durable when this returns. */
  public static void write(Snapshot state, Choice choice, Path file) throws IOException {
    StateEditor editor = StateEditor.restoring(state.generation());
    Schema.CURRENT.classes().forEach(of -> copy(state, choice, of, editor));
    editor.check();
    new SnapshotFile(StoredModel.CURRENT)
        .write(file, new SnapshotFile.Content(editor.build(), List.of(), 0));
  }

  private static <R extends ApiRecord> void copy(
      Snapshot state, Choice choice, ClassSchema<R> of, StateEditor editor) {
    ApiClass<R> apiClass = of.apiClass();
    state
        .rows(apiClass)
        .forEach(row ->
            choice
                .of(apiClass, row.record())
                .ifPresent(
                    r -> editor.restore(apiClass, row.ref(), r, row.created(), row.modified())));
  }

  /**
   * Reads a file. What changes by itself has its initial values.
   *
   * @throws StoreException when it is damaged, or written by a newer program
   */
  public static Snapshot read(Path file) throws IOException {
    return new SnapshotFile(StoredModel.CURRENT).read(file).state();
  }
}
