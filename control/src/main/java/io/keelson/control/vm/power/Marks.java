package io.keelson.control.vm.power;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes marks out of current_operations that an operation of an earlier run of the server left. */
final class Marks {
  private Marks() {}

  static <R extends ApiRecord, E> void remove(
      Transaction tx,
      ApiClass<R> apiClass,
      Ref<R> ref,
      Field<R, Map<String, E>> field,
      Ref<Task> task) {
    Map<String, E> marks = field.of(tx.get(apiClass, ref));
    if (marks.containsKey(task.text())) {
      Map<String, E> left = new LinkedHashMap<>(marks);
      left.remove(task.text());
      tx.update(apiClass, ref, r -> field.with(r, Map.copyOf(left)));
    }
  }
}
