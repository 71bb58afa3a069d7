package io.keelson.control.accessor;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.control.gate.Route;
import io.keelson.store.Store;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The messages that add to a set of plain values and take from it. */
final class ListMessages<R extends ApiRecord, E> {
  private final ApiClass<R> apiClass;
  private final Field<R, List<E>> field;
  private final Type.ListOf<E> type;
  private final Store store;

  ListMessages(ApiClass<R> apiClass, Field<R, List<E>> field, Type.ListOf<E> type, Store store) {
    this.apiClass = apiClass;
    this.field = field;
    this.type = type;
    this.store = store;
  }

  List<Route> routes() {
    return List.of(member("add_", ListMessages::plus), member("remove_", ListMessages::minus));
  }

  /** A change that makes no difference is no change. */
  private Route member(String prefix, BiFunction<List<E>, E, List<E>> change) {
    Param<Ref<R>> self = Specs.self(apiClass);
    Param<E> value = Specs.param("value", type.member());
    return Route.of(
        Specs.of(apiClass, prefix + field.name(), field.writer(), List.of(self, value)),
        in -> {
          Ref<R> ref = in.next(self);
          E item = in.next(value);
          return _ -> {
            List<E> now = field.of(store.snapshot().get(apiClass, ref));
            if (!change.apply(now, item).equals(now)) {
              store.change(tx ->
                  tx.update(apiClass, ref, r -> field.with(r, change.apply(field.of(r), item))));
            }
            return Reply.NOTHING;
          };
        });
  }

  private static <E> List<E> plus(List<E> before, E item) {
    return before.contains(item)
        ? before
        : Stream.concat(before.stream(), Stream.of(item)).toList();
  }

  private static <E> List<E> minus(List<E> before, E item) {
    return before.stream().filter(e -> !e.equals(item)).toList();
  }
}
