package io.keelson.store;

import io.keelson.api.ApiRecord;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Ref;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The objects of one class at one instant. */
public interface Table<R extends ApiRecord> {

  int size();

  Optional<Row<R>> row(Ref<R> ref);

  Stream<Row<R>> rows();

  /** The object of this uuid; only for classes that have one. */
  Optional<Ref<R>> byUuid(String uuid);

  /** The objects of this name, in no order. */
  Set<Ref<R>> byNameLabel(String name);

  /** All records by reference, as get_all_records shows them; encoded once while unchanged. */
  EncodedOnce allRecords();
}
