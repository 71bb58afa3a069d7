package io.keelson.cli.record;

import io.keelson.api.ApiClass;
import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Objects that commands list: those of a class, or some of them.
 *
 * @param name with which the commands begin: {@code vm} of {@code vm-list}
 * @param where which objects of the class, as get_all_records_where takes it
 * @param filters what is asked of each beside that
 * @param columns what a list shows when nothing else was asked for; empty for everything
 */
public record RecordKind(
    String name,
    ApiClass<?> apiClass,
    String where,
    Map<String, String> filters,
    List<String> columns,
    List<Attribute> attributes) {
  static RecordKind of(
      String name, ApiClass<?> apiClass, List<Attribute> attributes, String... columns) {
    return new RecordKind(name, apiClass, "true", Map.of(), List.of(columns), attributes);
  }

  public RecordKind {
    filters = Map.copyOf(filters);
    columns = List.copyOf(columns);
    attributes = List.copyOf(attributes);
  }

  /** All objects, each asked for once. */
  public List<Item> all(Objects objects) {
    return Values.members(objects.api().call(apiClass + ".get_all_records_where", where))
        .entrySet()
        .stream()
        .map(entry -> item(objects, entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The object of a uuid. */
  public Item byUuid(Objects objects, String uuid) {
    Api api = objects.api();
    String ref = Values.text(api.call(apiClass + ".get_by_uuid", uuid));
    return item(objects, ref, api.call(apiClass + ".get_record", ref));
  }

  /** The object of a reference. */
  public Item byRef(Objects objects, String ref) {
    return item(objects, ref, objects.api().call(apiClass + ".get_record", ref));
  }

  private Item item(Objects objects, String ref, Value record) {
    return new Item(objects, apiClass, ref, Values.members(record));
  }

  public Optional<Attribute> find(String attribute) {
    return attributes.stream().filter(known -> known.name().equals(attribute)).findFirst();
  }

  /** An attribute that the user named. */
  public Attribute named(String attribute) {
    return find(attribute)
        .orElseThrow(() -> CommandException.failed("Unknown field '" + attribute + "'"));
  }
}
