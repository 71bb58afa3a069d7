package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.store.ObjectId;
import io.keelson.store.Snapshot;
import io.keelson.store.Table;
import java.util.List;
import java.util.stream.Stream;

/** All objects at one instant. */
public final class State implements Snapshot {
  /** No objects. */
  public static final State EMPTY =
      new State(
          Schema.CURRENT,
          Schema.CURRENT.classes().stream().map(State::emptyTable).toList(),
          0,
          0,
          0);

  private final Schema schema;
  private final List<ClassTable<?>> tables;
  private final long generation;
  private final long stamp;
  private final long sequence;

  State(Schema schema, List<ClassTable<?>> tables, long generation, long stamp, long sequence) {
    this.schema = schema;
    this.tables = tables;
    this.generation = generation;
    this.stamp = stamp;
    this.sequence = sequence;
  }

  private static ClassTable<?> emptyTable(ClassSchema<?> schema) {
    return ClassTable.empty(schema);
  }

  public Schema schema() {
    return schema;
  }

  @Override
  public long generation() {
    return generation;
  }

  /** Stamp of the newest change of volatile fields in it. */
  public long stamp() {
    return stamp;
  }

  /** How many object changes were told to watchers before it. */
  public long sequence() {
    return sequence;
  }

  /** The same objects, under the number of what was told to watchers last. */
  public State told(long newSequence) {
    return new State(schema, tables, generation, stamp, newSequence);
  }

  List<ClassTable<?>> tables() {
    return tables;
  }

  @Override
  public <R extends ApiRecord> Table<R> table(ApiClass<R> apiClass) {
    return tableOf(tables, schema.of(apiClass));
  }

  /** Every object there is. */
  public Stream<ObjectId<?>> objects() {
    return tables.stream().flatMap(State::ids);
  }

  private static <R extends ApiRecord> Stream<ObjectId<R>> ids(ClassTable<R> table) {
    return table.rows().map(row -> new ObjectId<>(table.schema().apiClass(), row.ref()));
  }

  @Override
  public <R extends ApiRecord> R get(ApiClass<R> apiClass, Ref<R> ref) {
    return find(apiClass, ref)
        .orElseThrow(() -> ApiErrors.handleInvalid(apiClass.name(), ref.text()));
  }

  @SuppressWarnings("unchecked") // each table stands at its own class's ordinal
  static <R extends ApiRecord> ClassTable<R> tableOf(
      List<ClassTable<?>> tables, ClassSchema<R> schema) {
    return (ClassTable<R>) tables.get(schema.ordinal());
  }
}
