package io.keelson.cli.command;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.record.FieldInput;
import java.util.List;
import java.util.Map;

/** What a command's parameters mean to the API: objects by their uuids, numbers, maps. */
public final class Arguments {
  private Arguments() {}

  /** The reference of the object whose uuid a parameter has. */
  public static String object(Invocation invocation, String apiClass, String parameter) {
    return byUuid(invocation, apiClass, invocation.required(parameter));
  }

  /** The same, as a parameter of a message. */
  public static Value reference(Invocation invocation, String apiClass, String parameter) {
    return new Value.Text(object(invocation, apiClass, parameter));
  }

  public static String byUuid(Invocation invocation, String apiClass, String uuid) {
    return Values.text(invocation.call(apiClass + ".get_by_uuid", uuid));
  }

  /** The references of objects whose uuids a parameter has, with commas between them. */
  public static Value objects(Invocation invocation, String apiClass, String uuids) {
    return Values.of(
        List.of(uuids.split(",")).stream()
            .map(uuid -> byUuid(invocation, apiClass, uuid))
            .toList());
  }

  public static Value text(Invocation invocation, String parameter) {
    return new Value.Text(invocation.get(parameter).orElse(""));
  }

  public static Value flag(Invocation invocation, String parameter) {
    return new Value.Flag(invocation.flag(parameter));
  }

  public static Value map(Invocation invocation, String parameter) {
    return Values.of(invocation.line().map(parameter));
  }

  /**
   * @throws CommandException for a text that is no whole number
   */
  public static Value whole(Invocation invocation, String parameter) {
    return new Value.Whole(FieldInput.whole(parameter, invocation.required(parameter)));
  }

  /**
   * A map whose entries may be given with a dash for the colon, as in scripts of long ago: {@code
   * device-config-location=/srv}.
   */
  public static Map<String, String> dashedMap(Invocation invocation, String parameter) {
    Map<String, String> map = invocation.line().map(parameter);
    String dashed = parameter + "-";
    invocation.line().parameters().stream()
        .filter(given -> given.name().startsWith(dashed) && given.name().length() > dashed.length())
        .forEach(given -> map.put(given.name().substring(dashed.length()), given.value()));
    return map;
  }

  /** The host of a uuid, or the one that took the login. */
  public static String hostOrThis(Invocation invocation, String parameter) {
    return invocation
        .get(parameter)
        .map(uuid -> byUuid(invocation, "host", uuid))
        .orElseGet(() ->
            Values.text(invocation.call("session.get_this_host", invocation.api().session())));
  }

  public static String pool(Invocation invocation) {
    return Values.texts(invocation.call("pool.get_all")).getFirst();
  }

  /** The pool of a uuid, or the only one there is. */
  public static String poolOrThis(Invocation invocation, String parameter) {
    return invocation
        .get(parameter)
        .map(uuid -> byUuid(invocation, "pool", uuid))
        .orElseGet(() -> pool(invocation));
  }

  public static String coordinator(Invocation invocation) {
    return Values.text(invocation.call("pool.get_master", pool(invocation)));
  }

  /** An object as people call it: its uuid, and its name in brackets. */
  public static String named(Invocation invocation, String apiClass, String ref) {
    return "%s (%s)"
        .formatted(
            invocation.objects().uuid(apiClass, ref), invocation.objects().name(apiClass, ref));
  }
}
