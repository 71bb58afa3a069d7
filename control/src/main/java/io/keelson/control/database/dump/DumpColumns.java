package io.keelson.control.database.dump;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.store.table.ClassSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which fields of a class a dump has, and under which names. */
final class DumpColumns {
  /** What a field's name begins with when the rest is told apart by two underscores. */
  private static final List<String> GROUPS =
      List.of(
          "name", "memory", "VCPUs", "actions", "PV", "HVM", "API_version", "qos", "snapshot_info");

  /**
   * What is under way when a dump is made is not when it is restored, and nobody's password goes.
   */
  private static final List<String> LEFT_OUT =
      List.of("current_operations", "scheduled_to_be_resident_on", "password_hash");

  private DumpColumns() {}

  /** Sessions and tasks are of one run of the server. */
  static boolean has(ApiClass<?> apiClass) {
    return apiClass != ApiModel.SESSION && apiClass != ApiModel.TASK;
  }

  static <R extends ApiRecord> Map<String, Field<R, ?>> of(ApiClass<R> apiClass) {
    Map<String, Field<R, ?>> columns = new LinkedHashMap<>();
    List<Field<R, ?>> fields = new ArrayList<>(apiClass.fields());
    fields.removeIf(f -> !ClassSchema.isStored(f) || LEFT_OUT.contains(f.name()));
    fields.forEach(field -> columns.put(column(field.name()), field));
    return columns;
  }

  static String column(String field) {
    for (String group : GROUPS) {
      if (field.startsWith(group + "_")) {
        return group + "__" + field.substring(group.length() + 1);
      }
    }
    return field;
  }
}
