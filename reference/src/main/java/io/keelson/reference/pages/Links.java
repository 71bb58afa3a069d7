package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.model.TypeExpression;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where things are, and how they are named in a line. */
final class Links {
  static final String CALLING = "calling";
  static final String TYPES = "types";
  static final String ROLES = "roles";
  static final String ERRORS = "errors";
  static final String TRANSFERS = "transfers";
  static final String MESSAGES = "messages";

  private Links() {}

  static Target field(String apiClass, String field) {
    return new Target(apiClass, "field." + field);
  }

  static Target message(Message message) {
    return new Target(message.apiClass(), anchor(message));
  }

  /** Where a message stands on its page; accessors have a prefix, as fields may be called alike. */
  static String anchor(Message message) {
    return message.implicit() ? "accessor." + message.name() : message.name();
  }

  static Inline error(String code) {
    return Inline.codeLink(new Target(ERRORS, code), code);
  }

  static Inline role(String role) {
    return role.equals("undefined")
        ? new Inline.Link(new Target(ROLES, "superuser"), List.of(Inline.text("local superuser")))
        : new Inline.Link(new Target(ROLES, role), List.of(Inline.text(role)));
  }

  static List<Inline> type(String type) {
    return type(TypeExpression.parse(type));
  }

  /** The type, with links to its parts. */
  static List<Inline> type(TypeExpression type) {
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          List.of(Inline.codeLink(new Target(TYPES, name), name));
      case TypeExpression.Reference(String apiClass) ->
          List.of(Inline.codeLink(Target.of(apiClass), apiClass + " ref"));
      case TypeExpression.RecordOf(String apiClass) ->
          List.of(Inline.codeLink(Target.of(apiClass), apiClass + " record"));
      case TypeExpression.Enumeration(String name) ->
          List.of(Inline.codeLink(new Target(TYPES, "enum." + name), name));
      case TypeExpression.SetOf(TypeExpression member) ->
          joined(List.of(), type(member), List.of(Inline.code(" set")));
      case TypeExpression.MapOf(TypeExpression key, TypeExpression value) ->
          joined(
              joined(List.of(Inline.code("(")), type(key), List.of(Inline.code(" \u2192 "))),
              type(value),
              List.of(Inline.code(") map")));
    };
  }

  private static List<Inline> joined(List<Inline> a, List<Inline> b, List<Inline> c) {
    List<Inline> all = new ArrayList<>(a);
    all.addAll(b);
    all.addAll(c);
    return all;
  }

  /** When something came and went. */
  static String times(Map<String, String> lifecycle) {
    List<String> times = new ArrayList<>();
    lifecycle.forEach((change, release) ->
        times.add(
            (change.equals("published") ? "since " : change + " in ")
                + (release.equals("Unreleased") ? "what came after XenServer 6.5" : release)));
    return String.join(", ", times);
  }
}
