package io.keelson.control.event;

import io.keelson.api.ApiRecord;
import io.keelson.api.ChangeEvent;
import io.keelson.api.model.EventOperation;
import io.keelson.control.ObjectClasses;
import io.keelson.store.EventFeed;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Changes as clients are told of them. */
final class EventRecords {
  private EventRecords() {}

  static <R extends ApiRecord> ChangeEvent of(EventFeed.Change<R> change, String timestamp) {
    return new ChangeEvent(
        Long.toString(change.generation()),
        timestamp,
        change.apiClass().name(),
        switch (change.kind()) {
          case ADDED -> EventOperation.ADD;
          case MODIFIED -> EventOperation.MOD;
          case REMOVED -> EventOperation.DEL;
        },
        change.ref().text(),
        change.row().map(Row::encoded));
  }

  /** How many objects each class has, by its name in lower case; of all classes, always. */
  static Map<String, Integer> counts(Snapshot state) {
    Map<String, Integer> counts = LinkedHashMap.newLinkedHashMap(ObjectClasses.ALL.size());
    ObjectClasses.ALL.forEach(
        c -> counts.put(c.name().toLowerCase(Locale.ROOT), state.table(c).size()));
    return counts;
  }
}
