package io.keelson.control.accessor;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.store.Row;
import java.util.Optional;
import java.util.function.Predicate;

/** Which objects of a class satisfy an expression, as get_all_records_where takes it. */
public final class RowFilter {
  private static final String REFERENCE = "_ref";

  private RowFilter() {}

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE for what is no expression, or names no field
   */
  public static <R extends ApiRecord> Predicate<Row<R>> parse(
      ApiClass<R> apiClass, String expression) {
    Filter filter =
        FilterParser.parse(
            expression, name -> name.equals(REFERENCE) || field(apiClass, name).isPresent());
    return row -> filter.matches(name -> text(apiClass, name, row));
  }

  private static <R extends ApiRecord> String text(ApiClass<R> apiClass, String name, Row<R> row) {
    return name.equals(REFERENCE)
        ? row.ref().text()
        : field(apiClass, name).map(f -> FieldText.of(f, row.record())).orElseThrow();
  }

  /** Two underscores separate the parts of a name in filters; one does so everywhere else. */
  private static <R extends ApiRecord> Optional<Field<R, ?>> field(
      ApiClass<R> apiClass, String name) {
    return apiClass.field(name.replace("__", "_")).filter(Field::visible);
  }
}
