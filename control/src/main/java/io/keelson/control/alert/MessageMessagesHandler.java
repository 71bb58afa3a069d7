package io.keelson.control.alert;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.MessageMessages;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.control.accessor.RowFilter;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Alerts as clients raise, read and dismiss them; newest first. Times are whole seconds, so what is
 * as old as the time given counts as newer: a client that asks again gets one twice rather than
 * never.
 */
record MessageMessagesHandler(Store store, Alerts alerts) implements MessageMessages {

  /**
   * @throws io.keelson.api.ApiError UUID_INVALID when the class has no such object
   */
  @Override
  public Ref<Message> create(
      Call call, String name, long priority, Cls cls, String objUuid, String body) {
    return store.transact(tx -> {
      requireObject(tx, cls, objUuid);
      return alerts.raise(tx, name, priority, cls, objUuid, body);
    });
  }

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  @Override
  public void destroy(Call call, Ref<Message> self) {
    store.change(tx -> tx.delete(ApiModel.MESSAGE, self));
  }

  /**
   * Alerts outlive what they are about.
   *
   * @throws io.keelson.api.ApiError UUID_INVALID when the class has no such object and nothing is
   *     told of one
   */
  @Override
  public Map<Ref<Message>, Message> get(Call call, Cls cls, String objUuid, Instant since) {
    Snapshot state = store.snapshot();
    Predicate<Message> about = m -> m.cls() == cls && m.objUuid().equals(objUuid);
    if (state.rows(ApiModel.MESSAGE).noneMatch(row -> about.test(row.record()))) {
      requireObject(state, cls, objUuid);
    }
    return records(
        newestFirst(state)
            .filter(row -> about.test(row.record()))
            .filter(row -> !row.record().timestamp().isBefore(since)));
  }

  @Override
  public Set<Ref<Message>> getAll(Call call) {
    Set<Ref<Message>> all = new LinkedHashSet<>();
    newestFirst(store.snapshot()).forEach(row -> all.add(row.ref()));
    return all;
  }

  @Override
  public Map<Ref<Message>, Message> getAllRecords(Call call) {
    return records(newestFirst(store.snapshot()));
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  @Override
  public Map<Ref<Message>, Message> getAllRecordsWhere(Call call, String expr) {
    Predicate<Row<Message>> wanted = RowFilter.parse(ApiModel.MESSAGE, expr);
    return records(newestFirst(store.snapshot()).filter(wanted));
  }

  /**
   * @throws io.keelson.api.ApiError UUID_INVALID
   */
  @Override
  public Ref<Message> getByUuid(Call call, String uuid) {
    return store
        .snapshot()
        .table(ApiModel.MESSAGE)
        .byUuid(uuid)
        .orElseThrow(() -> ApiErrors.uuidInvalid(ApiModel.MESSAGE.name(), uuid));
  }

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  @Override
  public Message getRecord(Call call, Ref<Message> self) {
    return store.snapshot().get(ApiModel.MESSAGE, self);
  }

  @Override
  public Map<Ref<Message>, Message> getSince(Call call, Instant since) {
    return records(
        newestFirst(store.snapshot()).filter(row -> !row.record().timestamp().isBefore(since)));
  }

  private static Stream<Row<Message>> newestFirst(Snapshot state) {
    return state
        .rows(ApiModel.MESSAGE)
        .sorted(Comparator.<Row<Message>>comparingLong(Row::created).reversed());
  }

  private static Map<Ref<Message>, Message> records(Stream<Row<Message>> rows) {
    Map<Ref<Message>, Message> records = new LinkedHashMap<>();
    rows.forEach(row -> records.put(row.ref(), row.record()));
    return records;
  }

  private static void requireObject(Snapshot state, Cls cls, String uuid) {
    ApiClass<? extends ApiRecord> apiClass =
        switch (cls) {
          case VM -> ApiModel.VM;
          case HOST -> ApiModel.HOST;
          case SR -> ApiModel.SR;
          case POOL -> ApiModel.POOL;
          case VMPP -> ApiModel.VMPP;
        };
    if (state.table(apiClass).byUuid(uuid).isEmpty()) {
      throw ApiErrors.uuidInvalid(apiClass.name(), uuid);
    }
  }
}
