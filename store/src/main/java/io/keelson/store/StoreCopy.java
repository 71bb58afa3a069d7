package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiRecord;
import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.MalformedException;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.table.Change;
import io.keelson.store.table.ClassSchema;
import io.keelson.store.table.Schema;
import io.keelson.store.table.State;
import io.keelson.store.table.StateEditor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
   * What has become of objects, for {@link #replay} over a copy of an earlier state.
   *
   * @param changed objects made, changed or removed since
   */
  public static byte[] difference(Snapshot state, Collection<ObjectId<?>> changed, Choice choice) {
    List<Change<?>> changes = new ArrayList<>();
    changed.forEach(id -> now(state, id, choice).ifPresent(changes::add));
    // What is gone comes first: another object may have its uuid by now.
    changes.sort(Comparator.comparing(change -> !(change instanceof Change.Deleted<?>)));
    return new EntryCodec(StoredModel.CURRENT).encode(changes, state.generation());
  }

  private static <R extends ApiRecord> Optional<Change<R>> now(
      Snapshot state, ObjectId<R> id, Choice choice) {
    return state
        .find(id.apiClass(), id.ref())
        .map(record ->
            choice
                .of(id.apiClass(), record)
                .<Change<R>>map(r -> new Change.Created<>(id.apiClass(), id.ref(), r)))
        .orElseGet(() -> Optional.of(new Change.Deleted<>(id.apiClass(), id.ref())));
  }

  /**
   * Reads a file and makes the changes that came after it.
   *
   * @param differences in the order in which they were made
   * @throws StoreException when anything is damaged, or written by a newer program
   */
  public static Snapshot replay(Path file, List<byte[]> differences) throws IOException {
    State state = new SnapshotFile(StoredModel.CURRENT).read(file).state();
    try {
      for (byte[] difference : differences) {
        state = after(state, ByteBuffer.wrap(difference));
      }
      return state;
    } catch (ApiError | MalformedException e) {
      throw new StoreException("changes to " + file + " do not fit: " + e.getMessage(), e);
    }
  }

  private static State after(State state, ByteBuffer difference) {
    StateEditor editor = StateEditor.change(state, EntryCodec.durable(difference.duplicate()));
    new EntryCodec(StoredModel.CURRENT).decode(difference).forEach(c -> put(c, editor));
    editor.check();
    return editor.build();
  }

  private static <R extends ApiRecord> void put(Change<R> change, StateEditor editor) {
    boolean there = editor.find(change.apiClass(), change.ref()).isPresent();
    switch (change) {
      case Change.Created<R> made when there -> whole(made).applyTo(editor);
      case Change.Deleted<R> _ when !there -> {} // it has come and gone since
      case Change.Created<R> made -> made.applyTo(editor);
      case Change.Deleted<R> gone -> gone.applyTo(editor);
      case Change.Updated<R> updated -> updated.applyTo(editor);
      case Change.Touched<R> touched -> touched.applyTo(editor);
    }
  }

  private static <R extends ApiRecord> Change.Updated<R> whole(Change.Created<R> change) {
    List<Change.FieldValue<R, ?>> values = new ArrayList<>();
    Schema.CURRENT
        .of(change.apiClass())
        .stored()
        .forEach(field -> values.add(Change.FieldValue.in(change.record(), field)));
    return new Change.Updated<>(change.apiClass(), change.ref(), values);
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
