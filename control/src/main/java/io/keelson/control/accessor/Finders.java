package io.keelson.control.accessor;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.BoundMessage;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Types;
import io.keelson.control.gate.Route;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The messages that find objects of a class and read whole records. */
final class Finders<R extends ApiRecord> {
  private static final Param<String> UUID = Specs.param("uuid", Types.STRING);
  private static final Param<String> LABEL = Specs.param("label", Types.STRING);
  private static final Param<String> EXPRESSION = Specs.param("expr", Types.STRING);

  private final ApiClass<R> apiClass;
  private final Store store;
  private final Param<Ref<R>> self;
  private final AccessRole reader;

  Finders(ApiClass<R> apiClass, Store store, AccessRole reader) {
    this.apiClass = apiClass;
    this.store = store;
    this.self = Specs.self(apiClass);
    this.reader = reader;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(on("get_record", self, this::record));
    routes.add(on("get_by_uuid", UUID, this::byUuid));
    if (apiClass.has(ApiClass.Trait.NAME_LABEL)) {
      routes.add(on("get_by_name_label", LABEL, this::byNameLabel));
    }
    if (apiClass.has(ApiClass.Trait.GET_ALL)) {
      routes.add(on("get_all", this::all));
      routes.add(on("get_all_records", this::allRecords));
      routes.add(on("get_all_records_where", EXPRESSION, this::allRecordsWhere));
    }
    return routes;
  }

  private Reply record(Ref<R> ref) {
    EncodedOnce record = row(ref).encoded();
    return out -> out.shared(record);
  }

  private Reply byUuid(String uuid) {
    Ref<R> ref =
        store
            .snapshot()
            .table(apiClass)
            .byUuid(uuid)
            .orElseThrow(() -> ApiErrors.uuidInvalid(apiClass.name(), uuid));
    return out -> out.text(ref.text());
  }

  private Reply byNameLabel(String label) {
    return refs(List.copyOf(store.snapshot().table(apiClass).byNameLabel(label)));
  }

  private Reply all() {
    return refs(store.snapshot().rows(apiClass).map(Row::ref).toList());
  }

  private Reply allRecords() {
    EncodedOnce records = store.snapshot().table(apiClass).allRecords();
    return out -> out.shared(records);
  }

  private Reply allRecordsWhere(String expression) {
    Predicate<Row<R>> wanted = RowFilter.parse(apiClass, expression);
    List<Row<R>> rows = store.snapshot().rows(apiClass).filter(wanted).toList();
    return out -> {
      out.beginStructure();
      for (Row<R> row : rows) {
        out.member(row.ref().text());
        out.shared(row.encoded());
      }
      out.endStructure();
    };
  }

  private Row<R> row(Ref<R> ref) {
    return store
        .snapshot()
        .table(apiClass)
        .row(ref)
        .orElseThrow(() -> ApiErrors.handleInvalid(apiClass.name(), ref.text()));
  }

  private static <R extends ApiRecord> Reply refs(List<Ref<R>> refs) {
    return out -> {
      out.beginSequence();
      refs.forEach(r -> out.text(r.text()));
      out.endSequence();
    };
  }

  private Route on(String name, Supplier<Reply> answer) {
    return route(name, List.of(), _ -> _ -> answer.get());
  }

  private <T> Route on(String name, Param<T> parameter, Function<T, Reply> answer) {
    return route(
        name,
        List.of(parameter),
        in -> {
          T argument = in.next(parameter);
          return _ -> answer.apply(argument);
        });
  }

  private Route route(String name, List<Param<?>> parameters, BoundMessage.Binder binder) {
    return Route.of(Specs.of(apiClass, name, reader, parameters), binder);
  }
}
