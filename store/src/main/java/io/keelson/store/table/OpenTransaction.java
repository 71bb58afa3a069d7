package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.store.ObjectId;
import io.keelson.store.Table;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A transaction at work on a state of its own. */
public final class OpenTransaction implements Transaction {
  private final StateEditor editor;
  private boolean again;
  private boolean roundabout;
  private final Set<ObjectId<?>> own = new LinkedHashSet<>();
  private final Set<ObjectId<?>> touched = new HashSet<>();
  private boolean open = true;

  public OpenTransaction(StateEditor editor) {
    this.editor = editor;
  }

  @Override
  public <R extends ApiRecord> void create(ApiClass<R> apiClass, Ref<R> ref, R record) {
    requireOpen();
    editor.requireUnique(apiClass, ref, record);
    again |= editor.base().find(apiClass, ref).isPresent();
    editor.insert(apiClass, ref, record);
    own.add(new ObjectId<>(apiClass, ref));
  }

  @Override
  public <R extends ApiRecord> R update(ApiClass<R> apiClass, Ref<R> ref, UnaryOperator<R> change) {
    requireOpen();
    R before = editor.get(apiClass, ref);
    R after = change.apply(before);
    if (after.equals(before)) {
      return before;
    }
    ClassSchema<R> schema = editor.base().schema().of(apiClass);
    if (!schema.same(schema.unstored(), before, after)) {
      throw new IllegalStateException(
          "a transaction changes an object's own fields only: " + apiClass);
    }
    editor.requireUnique(apiClass, ref, after);
    editor.replace(apiClass, ref, after);
    own.add(new ObjectId<>(apiClass, ref));
    return editor.get(apiClass, ref);
  }

  @Override
  public <R extends ApiRecord> void delete(ApiClass<R> apiClass, Ref<R> ref) {
    requireOpen();
    editor.delete(apiClass, ref);
    own.add(new ObjectId<>(apiClass, ref));
  }

  @Override
  public <R extends ApiRecord> void touch(ApiClass<R> apiClass, Ref<R> ref) {
    requireOpen();
    editor.touch(apiClass, ref);
    var id = new ObjectId<>(apiClass, ref);
    own.add(id);
    touched.add(id);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the transaction is over");
    }
  }

  /**
   * Ends it: what it did, at most one change an object, and nothing where all is as before.
   *
   * @throws io.keelson.api.ApiError a rule of the model that was broken
   */
  public List<Change<?>> finish() {
    open = false;
    editor.check();
    List<Change<?>> changes = new ArrayList<>();
    own.forEach(id -> net(id).ifPresent(changes::add));
    roundabout = again || changes.size() < own.size();
    return changes;
  }

  /**
   * Whether its steps left traces that its changes do not: something was undone on the way, or an
   * object removed and made again.
   */
  public boolean isRoundabout() {
    return roundabout;
  }

  private <R extends ApiRecord> Optional<Change<R>> net(ObjectId<R> id) {
    ApiClass<R> apiClass = id.apiClass();
    Ref<R> ref = id.ref();
    Optional<R> before = editor.base().find(apiClass, ref);
    Optional<R> after = editor.find(apiClass, ref);
    if (before.isEmpty()) {
      return after.map(r -> new Change.Created<>(apiClass, ref, r));
    }
    if (after.isEmpty()) {
      return Optional.of(new Change.Deleted<>(apiClass, ref));
    }
    List<Change.FieldValue<R, ?>> values = new ArrayList<>();
    for (var field : editor.base().schema().of(apiClass).stored()) {
      if (!field.of(before.get()).equals(field.of(after.get()))) {
        values.add(Change.FieldValue.in(after.get(), field));
      }
    }
    if (!values.isEmpty()) {
      return Optional.of(new Change.Updated<>(apiClass, ref, List.copyOf(values)));
    }
    return touched.contains(id)
        ? Optional.of(new Change.Touched<>(apiClass, ref))
        : Optional.empty();
  }

  @Override
  public long generation() {
    return editor.generation();
  }

  @Override
  public <R extends ApiRecord> Table<R> table(ApiClass<R> apiClass) {
    return editor.table(apiClass);
  }

  @Override
  public <R extends ApiRecord> R get(ApiClass<R> apiClass, Ref<R> ref) {
    return editor.get(apiClass, ref);
  }
}
