package io.keelson.control;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Claims of operations that nothing runs any more. At the start none runs: what its subject has not
 * settled has let go of its objects all the same.
 */
final class StaleClaims {
  private static final String FIELD = "current_operations";

  private StaleClaims() {}

  static void clear(Store store) {
    List<Consumer<Transaction>> changes = new ArrayList<>();
    ObjectClasses.ALL.stream()
        .filter(c -> c != ApiModel.TASK)
        .forEach(c -> collect(store, c, changes));
    if (!changes.isEmpty()) {
      store.change(tx -> changes.forEach(c -> c.accept(tx)));
    }
  }

  private static <R extends ApiRecord> void collect(
      Store store, ApiClass<R> apiClass, List<Consumer<Transaction>> changes) {
    apiClass
        .field(FIELD)
        .filter(f -> !f.isVolatile())
        .ifPresent(f -> collect(store, apiClass, f, changes));
  }

  private static <R extends ApiRecord, T> void collect(
      Store store, ApiClass<R> apiClass, Field<R, T> field, List<Consumer<Transaction>> changes) {
    T none = field.type().zero();
    for (Row<R> row : store.snapshot().rows(apiClass).toList()) {
      if (!field.of(row.record()).equals(none)) {
        Ref<R> ref = row.ref();
        changes.add(tx -> tx.update(apiClass, ref, r -> field.with(r, none)));
      }
    }
  }
}
