package io.keelson.control.accessor;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.control.gate.Route;
import io.keelson.control.session.KeyPermissions.Form;
import io.keelson.store.Store;
import java.util.List;

/** The messages that read a field and set it as a whole. */
final class PlainMessages<R extends ApiRecord, T> {
  private final ApiClass<R> apiClass;
  private final Field<R, T> field;
  private final Store store;

  PlainMessages(ApiClass<R> apiClass, Field<R, T> field, Store store) {
    this.apiClass = apiClass;
    this.field = field;
    this.store = store;
  }

  Route getter(AccessRole reader) {
    Param<Ref<R>> self = Specs.self(apiClass);
    return Route.of(
        Specs.of(apiClass, "get_" + field.name(), reader, List.of(self)),
        in -> {
          Ref<R> ref = in.next(self);
          return _ -> {
            R record = store.snapshot().get(apiClass, ref);
            return out -> field.write(record, out);
          };
        });
  }

  Route setter() {
    Param<Ref<R>> self = Specs.self(apiClass);
    Param<T> value = Specs.param("value", field.type());
    return Route.of(
        Specs.of(apiClass, Form.SET.message(field.name()), field.writer(), List.of(self, value)),
        in -> {
          Ref<R> ref = in.next(self);
          T argument = in.next(value);
          return _ -> {
            store.change(tx -> {
              FieldRules.check(tx, ref, field, argument);
              tx.update(apiClass, ref, r -> field.with(r, argument));
            });
            return Reply.NOTHING;
          };
        });
  }
}
