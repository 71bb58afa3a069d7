package io.keelson.store.table;

import io.keelson.api.ApiRecord;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Ref;
import io.keelson.store.Row;
import io.keelson.store.Table;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/** The objects of one class with their indexes. Immutable; each change gives another table. */
final class ClassTable<R extends ApiRecord> implements Table<R> {

  /**
   * An object that refers to one of this table through a field that has no computed other side.
   *
   * @param link number of the link
   */
  record Referrer(int link, Ref<?> source) {}

  private final ClassSchema<R> schema;
  private final PMap<Ref<R>, StoredRow<R>> rows;
  private final PMap<String, Ref<R>> uuids;
  private final PMap<String, PSet<Ref<R>>> names;
  private final PMap<Ref<?>, PSet<Referrer>> referrers;
  private final EncodedOnce allRecords =
      new EncodedOnce(out -> {
        out.beginStructure();
        for (StoredRow<R> row : allRows().values()) {
          out.member(row.ref().text());
          out.shared(row.encoded());
        }
        out.endStructure();
      });

  private ClassTable(
      ClassSchema<R> schema,
      PMap<Ref<R>, StoredRow<R>> rows,
      PMap<String, Ref<R>> uuids,
      PMap<String, PSet<Ref<R>>> names,
      PMap<Ref<?>, PSet<Referrer>> referrers) {
    this.schema = schema;
    this.rows = rows;
    this.uuids = uuids;
    this.names = names;
    this.referrers = referrers;
  }

  static <R extends ApiRecord> ClassTable<R> empty(ClassSchema<R> schema) {
    return new ClassTable<>(
        schema,
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        HashTreePMap.empty());
  }

  ClassSchema<R> schema() {
    return schema;
  }

  private PMap<Ref<R>, StoredRow<R>> allRows() {
    return rows;
  }

  @Nullable StoredRow<R> get(Ref<R> ref) {
    return rows.get(ref);
  }

  boolean has(Ref<?> ref) {
    return rows.containsKey(ref);
  }

  @Nullable Ref<R> holder(String uuid) {
    return uuids.get(uuid);
  }

  /** With a row put in the place of the one of the same reference, if there is one. */
  ClassTable<R> with(StoredRow<R> row) {
    StoredRow<R> old = rows.get(row.ref());
    return new ClassTable<>(
        schema, rows.plus(row.ref(), row), reindexUuid(old, row), reindexName(old, row), referrers);
  }

  ClassTable<R> without(StoredRow<R> row) {
    return new ClassTable<>(
        schema, rows.minus(row.ref()), reindexUuid(row, null), reindexName(row, null), referrers);
  }

  private PMap<String, Ref<R>> reindexUuid(@Nullable StoredRow<R> old, @Nullable StoredRow<R> row) {
    String before = old == null ? "" : schema.uuidOf(old.record());
    String after = row == null ? "" : schema.uuidOf(row.record());
    if (before.equals(after)) {
      return uuids;
    }
    PMap<String, Ref<R>> index = uuids;
    // another object may have taken the uuid over already within the same transaction
    if (old != null && !before.isEmpty() && old.ref().equals(index.get(before))) {
      index = index.minus(before);
    }
    return row == null || after.isEmpty() ? index : index.plus(after, row.ref());
  }

  private PMap<String, PSet<Ref<R>>> reindexName(
      @Nullable StoredRow<R> old, @Nullable StoredRow<R> row) {
    if (!schema.hasNames()) {
      return names;
    }
    PMap<String, PSet<Ref<R>>> index = names;
    String before = old == null ? "" : schema.nameOf(old.record());
    String after = row == null ? "" : schema.nameOf(row.record());
    if (old != null && row != null && before.equals(after)) {
      return index;
    }
    if (old != null) {
      PSet<Ref<R>> rest = named(index, before).minus(old.ref());
      index = rest.isEmpty() ? index.minus(before) : index.plus(before, rest);
    }
    return row == null ? index : index.plus(after, named(index, after).plus(row.ref()));
  }

  private static <R extends ApiRecord> PSet<Ref<R>> named(
      PMap<String, PSet<Ref<R>>> index, String name) {
    PSet<Ref<R>> refs = index.get(name);
    return refs == null ? HashTreePSet.empty() : refs;
  }

  ClassTable<R> withReferrer(Ref<?> target, Referrer referrer) {
    return withReferrers(referrers.plus(target, referrers(target).plus(referrer)));
  }

  ClassTable<R> withoutReferrer(Ref<?> target, Referrer referrer) {
    PSet<Referrer> rest = referrers(target).minus(referrer);
    return withReferrers(rest.isEmpty() ? referrers.minus(target) : referrers.plus(target, rest));
  }

  private ClassTable<R> withReferrers(PMap<Ref<?>, PSet<Referrer>> changed) {
    return new ClassTable<>(schema, rows, uuids, names, changed);
  }

  PSet<Referrer> referrers(Ref<?> target) {
    PSet<Referrer> found = referrers.get(target);
    return found == null ? HashTreePSet.empty() : found;
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public Optional<Row<R>> row(Ref<R> ref) {
    return Optional.ofNullable(rows.get(ref));
  }

  @Override
  public Stream<Row<R>> rows() {
    return rows.values().stream().map(r -> r);
  }

  @Override
  public Optional<Ref<R>> byUuid(String uuid) {
    return Optional.ofNullable(uuids.get(uuid));
  }

  @Override
  public Set<Ref<R>> byNameLabel(String name) {
    return named(names, name);
  }

  @Override
  public EncodedOnce allRecords() {
    return allRecords;
  }
}
