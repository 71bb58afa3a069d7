package io.keelson.control.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.store.ObjectId;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The objects that an operation has marked in their current_operations. */
public final class Claims {
  private final Transaction tx;
  private final Ref<Task> task;
  private final List<Claim<?, ?>> claims;
  private int named;

  Claims(Transaction tx, Ref<Task> task) {
    this(tx, task, new CopyOnWriteArrayList<>());
  }

  private Claims(Transaction tx, Ref<Task> task, List<Claim<?, ?>> claims) {
    this.tx = tx;
    this.task = task;
    this.claims = claims;
  }

  /**
   * The same claims, to be added to in a later transaction: for work that knows only half-way which
   * objects it needs.
   */
  public Claims in(Transaction later) {
    return new Claims(later, task, claims);
  }

  /** The task that the marks name. */
  public Ref<Task> task() {
    return task;
  }

  /**
   * Marks an object.
   *
   * @param field the class's current_operations
   */
  public <R extends ApiRecord, E> void add(
      ApiClass<R> apiClass, Ref<R> ref, Field<R, Map<String, E>> field, E operation) {
    tx.update(apiClass, ref, r -> field.with(r, plus(field.of(r), operation)));
    claims.add(new Claim<>(new ObjectId<>(apiClass, ref), field));
  }

  /** A name for something to be made on a host: the next of those that follow from the task. */
  public UUID name() {
    return name(task.text(), named++);
  }

  /**
   * What {@link #name} gave a task, so that after a crash its marks are enough to find what it was
   * making.
   *
   * @param number from 0 on, in the order asked for
   */
  public static UUID name(String task, int number) {
    return UUID.nameUUIDFromBytes((task + "#" + number).getBytes(UTF_8));
  }

  /** Takes the marks away again; an object that is gone by now is passed over. */
  void release(Transaction settling) {
    claims.forEach(c -> c.release(settling, task));
  }

  private <E> Map<String, E> plus(Map<String, E> operations, E operation) {
    Map<String, E> map = new LinkedHashMap<>(operations);
    map.put(task.text(), operation);
    return Map.copyOf(map);
  }

  private record Claim<R extends ApiRecord, E>(ObjectId<R> object, Field<R, Map<String, E>> field) {
    void release(Transaction tx, Ref<Task> task) {
      if (tx.find(object.apiClass(), object.ref()).isPresent()) {
        tx.update(
            object.apiClass(), object.ref(), r -> field.with(r, minus(field.of(r), task.text())));
      }
    }

    private Map<String, E> minus(Map<String, E> operations, String key) {
      Map<String, E> map = new LinkedHashMap<>(operations);
      map.remove(key);
      return Map.copyOf(map);
    }
  }
}
