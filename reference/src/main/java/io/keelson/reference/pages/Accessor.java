package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;

/** What a message does that follows from a field, or from what a class is. */
record Accessor(String kind, String field) {
  static Accessor of(Message message) {
    boolean finder = message.kind().equals(message.name());
    return new Accessor(
        message.kind(), finder ? "" : message.name().substring(message.kind().length()));
  }

  boolean reaches(String name) {
    return field.equals(name);
  }

  String meaning() {
    return switch (kind) {
      case "get_record" -> "Reads all fields of one object.";
      case "get_by_uuid" -> "Finds the object with a UUID.";
      case "get_by_name_label" -> "Finds the objects with a name.";
      case "get_all" -> "Lists the references of all objects.";
      case "get_all_records" -> "Reads all fields of all objects.";
      case "get_all_records_where" ->
          "Reads all fields of the objects that satisfy an expression, such as field \"uuid\" ="
              + " \"...\"; and, or and not join expressions.";
      case "get_" -> "Reads the field " + field + ".";
      case "set_" -> "Replaces the value of " + field + ".";
      case "add_to_" -> "Adds a key that is not in the map " + field + " yet.";
      case "remove_from_" ->
          "Takes a key from the map " + field + "; one that is not there is no error.";
      case "add_" ->
          "Adds a member to the set " + field + "; one that is there already changes nothing.";
      case "remove_" ->
          "Takes a member from the set " + field + "; one that is not there is no error.";
      default -> throw new IllegalStateException(kind);
    };
  }
}
