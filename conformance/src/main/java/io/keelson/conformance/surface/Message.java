package io.keelson.conformance.surface;

import io.keelson.model.TypeExpression;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A message that a server must have.
 *
 * @param apiClass as the wire spells it
 * @param implicit whether it follows from a class's fields
 * @param least the least role that may call it; nobody but the local superuser where there is none
 * @param errors that the model lists for it, as the wire spells them
 * @param ownShape whether what it answers with has a shape of its own
 */
public record Message(
    String apiClass,
    String name,
    boolean implicit,
    List<Parameter> parameters,
    TypeExpression result,
    Optional<Role> least,
    List<String> errors,
    boolean session,
    boolean async,
    boolean removed,
    boolean ownShape) {

  private static final Set<String> FINDERS =
      Set.of(
          "get_record",
          "get_by_uuid",
          "get_by_name_label",
          "get_all",
          "get_all_records",
          "get_all_records_where");

  /**
   * A parameter.
   *
   * @param optional whether a client may leave it off the end
   */
  public record Parameter(String name, TypeExpression type, boolean optional) {
    public static Parameter of(String name, TypeExpression type) {
      return new Parameter(name, type, false);
    }
  }

  /** As a caller writes it, for instance {@code VM.start}. */
  public String wireName() {
    return apiClass + "." + name;
  }

  /** What it does, of those that follow from fields: {@code set_} for each that sets one. */
  public String kind() {
    return Stream.of("get_", "set_", "add_to_", "remove_from_", "add_", "remove_")
        .filter(start -> name.startsWith(start) && !FINDERS.contains(name))
        .findFirst()
        .orElse(name);
  }

  /** How many parameters it must have, the session aside. */
  public int mandatory() {
    return (int) parameters.stream().filter(p -> !p.optional()).count();
  }

  /** What a role must hold for it. */
  public String permission() {
    return wireName().toLowerCase(Locale.ROOT);
  }

  /** The first parameter that names an object, the session of somebody aside. */
  public Optional<Parameter> reference() {
    return parameters.stream()
        .filter(
            p -> p.type() instanceof TypeExpression.Reference(String of) && !of.equals("session"))
        .findFirst();
  }
}
