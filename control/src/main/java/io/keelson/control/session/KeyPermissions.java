package io.keelson.control.session;

import io.keelson.api.AccessRole;
import io.keelson.api.Field;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of a map field that need a permission of their own. */
public final class KeyPermissions {
  /** What can be done to a key. */
  public enum Form {
    SET("set_"),
    ADD("add_to_"),
    REMOVE("remove_from_");

    private final String prefix;

    Form(String prefix) {
      this.prefix = prefix;
    }

    /** The message's name for a field. */
    public String message(String field) {
      return prefix + field;
    }
  }

  private KeyPermissions() {}

  /** Permission of a message on a key that has one of its own, or else of the message itself. */
  public static String of(String apiClass, Field<?, ?> field, Form form, String key) {
    String whole = permission(apiClass, field, form);
    return pattern(field.keyRoles().keySet(), key).map(p -> whole + "/key:" + p).orElse(whole);
  }

  /** Whether a key has a permission of its own. */
  public static boolean hasOwn(Field<?, ?> field, String key) {
    return pattern(field.keyRoles().keySet(), key).isPresent();
  }

  /** Permission of a message on the field as a whole. */
  public static String permission(String apiClass, Field<?, ?> field, Form form) {
    return (apiClass + "." + form.message(field.name())).toLowerCase(Locale.ROOT);
  }

  /** All the keys' permissions with the least role that has each. */
  public static Map<String, Optional<AccessRole>> all(String apiClass, Field<?, ?> field) {
    Map<String, Optional<AccessRole>> roles = new LinkedHashMap<>();
    for (Form form : Form.values()) {
      String whole = permission(apiClass, field, form);
      field.keyRoles().forEach((key, role) -> roles.put(whole + "/key:" + key, Optional.of(role)));
    }
    return roles;
  }

  private static Optional<String> pattern(Set<String> patterns, String key) {
    if (patterns.contains(key)) {
      return Optional.of(key);
    }
    return patterns.stream()
        .filter(p -> p.endsWith("*") && key.startsWith(p.substring(0, p.length() - 1)))
        .findFirst();
  }
}
