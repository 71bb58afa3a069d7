package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.store.ObjectId;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A state in the making. Keeps indexes and both sides of relations right with every step, so that
 * reads see what was done so far; not safe for use by several threads.
 */
public final class StateEditor implements Snapshot {
  private final Schema schema;
  private final List<ClassTable<?>> tables;
  private final State base;
  private final long generation;
  private final long stamp;
  private final boolean restoring;
  private final Set<ObjectId<?>> changed = new LinkedHashSet<>();
  private final DanglingRefs dangling = new DanglingRefs();

  private StateEditor(State base, long generation, long stamp, boolean restoring) {
    this.schema = base.schema();
    this.tables = new ArrayList<>(base.tables());
    this.base = base;
    this.generation = generation;
    this.stamp = stamp;
    this.restoring = restoring;
  }

  /** For a change of the journal, whose number the changed rows get. */
  public static StateEditor change(State base, long generation) {
    return new StateEditor(base, generation, 0, false);
  }

  /** For putting together a state that was, whose rows know themselves when they changed. */
  public static StateEditor restoring(long generation) {
    return new StateEditor(State.EMPTY, generation, 0, true);
  }

  /**
   * For a state just loaded, to set what follows from it without making it news; objects whose
   * volatile values the restart has lost are news under the stamp.
   */
  public static StateEditor reopened(State loaded, long stamp) {
    StateEditor editor = new StateEditor(loaded, loaded.generation(), stamp, true);
    loaded.tables().forEach(editor::stampForgotten);
    return editor;
  }

  private <R extends ApiRecord> void stampForgotten(ClassTable<R> table) {
    if (table.schema().forgets()) {
      for (Row<R> row : (Iterable<Row<R>>) table.rows()::iterator) {
        StoredRow<R> kept = existing(table.schema(), row.ref());
        put(table.schema(), stamped(table.schema(), kept, row.record()));
      }
    }
  }

  /** For a change of volatile fields only, whose stamp the changed rows get. */
  public static StateEditor overlay(State base, long stamp) {
    return new StateEditor(base, base.generation(), stamp, false);
  }

  @Override
  public long generation() {
    return generation;
  }

  @Override
  public <R extends ApiRecord> Table<R> table(ApiClass<R> apiClass) {
    return table(schema.of(apiClass));
  }

  private <R extends ApiRecord> ClassTable<R> table(ClassSchema<R> of) {
    return State.tableOf(tables, of);
  }

  @Override
  public <R extends ApiRecord> R get(ApiClass<R> apiClass, Ref<R> ref) {
    return existing(schema.of(apiClass), ref).record();
  }

  /** The objects made, changed or removed so far. */
  public List<ObjectId<?>> changed() {
    return List.copyOf(changed);
  }

  /** How the objects were before. */
  public State base() {
    return base;
  }

  /**
   * Adds an object; its computed fields start empty.
   *
   * @throws io.keelson.api.ApiError DB_UNIQUENESS_CONSTRAINT_VIOLATION for a reference in use
   */
  public <R extends ApiRecord> void insert(ApiClass<R> apiClass, Ref<R> ref, R record) {
    restore(apiClass, ref, record, generation, generation);
  }

  /** {@link #insert} of an object made and changed at known times. */
  public <R extends ApiRecord> void restore(
      ApiClass<R> apiClass, Ref<R> ref, R record, long created, long modified) {
    ClassSchema<R> of = schema.of(apiClass);
    if (ref.isNull()) {
      throw new IllegalArgumentException("an object needs a reference: " + apiClass);
    }
    if (table(of).has(ref)) {
      throw ApiErrors.dbUniquenessConstraintViolation(apiClass.name(), "ref", ref.text());
    }
    R clean = of.normal(record);
    for (Link<?> link : of.incoming()) {
      clean = withNone(link, clean);
    }
    put(of, new StoredRow<>(apiClass, ref, clean, created, modified, stamp));
    for (Link<R> link : of.links()) {
      link.targets(clean, target -> attach(link, ref, target));
    }
    for (DanglingRefs.Holder holder : dangling.resolve(of.ordinal(), ref)) {
      holder
          .link()
          .inverse()
          .ifPresent(side -> setInverse(holder.link(), side, holder.source(), ref, true));
    }
  }

  @SuppressWarnings("unchecked") // a link's computed side belongs to the class it points to
  private static <R extends ApiRecord> R withNone(Link<?> link, R record) {
    return link.inverse().map(side -> ((InverseSide<R>) side).withNone(record)).orElse(record);
  }

  /**
   * Puts another record in the place of an object's; computed fields must be as they were.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  public <R extends ApiRecord> void replace(ApiClass<R> apiClass, Ref<R> ref, R record) {
    ClassSchema<R> of = schema.of(apiClass);
    StoredRow<R> row = existing(of, ref);
    R clean = of.normal(record);
    put(of, modified(of, row, clean));
    for (Link<R> link : of.links()) {
      if (!link.refs().same(row.record(), clean)) {
        Set<Ref<?>> gone = new HashSet<>();
        link.targets(row.record(), gone::add);
        link.targets(
            clean,
            target -> {
              if (!gone.remove(target)) {
                attach(link, ref, target);
              }
            });
        gone.forEach(target -> detach(link, ref, target));
      }
    }
  }

  /** Counts the object as changed. */
  public <R extends ApiRecord> void touch(ApiClass<R> apiClass, Ref<R> ref) {
    ClassSchema<R> of = schema.of(apiClass);
    StoredRow<R> row = existing(of, ref);
    put(of, modified(of, row, row.record()));
  }

  /** Sets an object's volatile fields if it exists and they differ. */
  <R extends ApiRecord> void setVolatile(ApiClass<R> apiClass, Ref<R> ref, R record) {
    ClassSchema<R> of = schema.of(apiClass);
    StoredRow<R> row = existing(of, ref);
    put(of, stamp == 0 || restoring ? modified(of, row, record) : stamped(of, row, record));
  }

  /**
   * Removes an object.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  public <R extends ApiRecord> void delete(ApiClass<R> apiClass, Ref<R> ref) {
    ClassSchema<R> of = schema.of(apiClass);
    StoredRow<R> row = existing(of, ref);
    for (Link<R> link : of.links()) {
      link.targets(row.record(), target -> detach(link, ref, target));
    }
    ClassTable<R> table = table(of);
    for (Link<?> link : of.incoming()) {
      sources(link, row.record()).forEach(source -> dangling.add(link, source, ref));
    }
    table.referrers(ref).forEach(r -> dangling.add(schema.link(r.link()), r.source(), ref));
    tables.set(of.ordinal(), table.without(row));
    changed.add(new ObjectId<>(apiClass, ref));
  }

  @SuppressWarnings("unchecked") // a link's computed side belongs to the class it points to
  private static <R extends ApiRecord> Set<? extends Ref<?>> sources(Link<?> link, R record) {
    return link.inverse()
        .<Set<? extends Ref<?>>>map(side -> ((InverseSide<R>) side).of(record))
        .orElse(Set.of());
  }

  private void attach(Link<?> link, Ref<?> source, Ref<?> target) {
    ClassTable<?> table = tables.get(link.target());
    if (link.source() == link.target() && source.equals(target)) {
      throw ApiErrors.handleInvalid(table.schema().apiClass().name(), target.text());
    }
    if (!table.has(target)) {
      dangling.add(link, source, target);
    }
    link.inverse()
        .ifPresentOrElse(
            side -> setInverse(link, side, source, target, true),
            () ->
                tables.set(
                    link.target(),
                    table.withReferrer(target, new ClassTable.Referrer(link.number(), source))));
  }

  private void detach(Link<?> link, Ref<?> source, Ref<?> target) {
    dangling.remove(link, source, target);
    link.inverse()
        .ifPresentOrElse(
            side -> setInverse(link, side, source, target, false),
            () ->
                tables.set(
                    link.target(),
                    tables
                        .get(link.target())
                        .withoutReferrer(target, new ClassTable.Referrer(link.number(), source))));
  }

  private void setInverse(
      Link<?> link, InverseSide<?> side, Ref<?> source, Ref<?> target, boolean in) {
    setInverse(tables.get(link.target()), side, source, target, in);
  }

  @SuppressWarnings("unchecked") // side and target belong to the table's class
  private <T extends ApiRecord> void setInverse(
      ClassTable<T> table, InverseSide<?> side, Ref<?> source, Ref<?> target, boolean in) {
    StoredRow<T> row = table.get((Ref<T>) target);
    if (row != null) {
      InverseSide<T> field = (InverseSide<T>) side;
      T record = in ? field.with(row.record(), source) : field.without(row.record(), source);
      put(table.schema(), modified(table.schema(), row, record));
    }
  }

  private <R extends ApiRecord> StoredRow<R> existing(ClassSchema<R> of, Ref<R> ref) {
    StoredRow<R> row = table(of).get(ref);
    if (row == null) {
      throw ApiErrors.handleInvalid(of.apiClass().name(), ref.text());
    }
    return row;
  }

  private <R extends ApiRecord> StoredRow<R> modified(
      ClassSchema<R> of, StoredRow<R> row, R record) {
    long when = restoring ? row.modified() : generation;
    return new StoredRow<>(of.apiClass(), row.ref(), record, row.created(), when, row.touched());
  }

  private <R extends ApiRecord> StoredRow<R> stamped(
      ClassSchema<R> of, StoredRow<R> row, R record) {
    return new StoredRow<>(of.apiClass(), row.ref(), record, row.created(), row.modified(), stamp);
  }

  private <R extends ApiRecord> void put(ClassSchema<R> of, StoredRow<R> row) {
    tables.set(of.ordinal(), table(of).with(row));
    changed.add(new ObjectId<>(of.apiClass(), row.ref()));
  }

  /**
   * That no other object has a record's uuid.
   *
   * @throws io.keelson.api.ApiError DB_UNIQUENESS_CONSTRAINT_VIOLATION
   */
  <R extends ApiRecord> void requireUnique(ApiClass<R> apiClass, Ref<R> ref, R record) {
    ClassSchema<R> of = schema.of(apiClass);
    String uuid = of.uuidOf(record);
    Ref<R> holder = uuid.isEmpty() ? null : table(of).holder(uuid);
    if (holder != null && !holder.equals(ref)) {
      throw ApiErrors.dbUniquenessConstraintViolation(apiClass.name(), "uuid", uuid);
    }
  }

  /**
   * That all references name an object.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  public void check() {
    dangling.requireNone(schema);
  }

  /** What has become of the state that this started from. */
  public Edit edit() {
    return new Edit(base, build(), changed());
  }

  /** The state as it is now. */
  public State build() {
    return new State(
        schema, List.copyOf(tables), generation, Math.max(stamp, base.stamp()), base.sequence());
  }
}
