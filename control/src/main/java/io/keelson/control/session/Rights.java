package io.keelson.control.session;

import java.util.Set;

/** What a session may do. */
public sealed interface Rights {

  boolean include(String permission);

  /** The local superuser may do everything. */
  record Everything() implements Rights {
    @Override
    public boolean include(String permission) {
      return true;
    }
  }

  /** Anybody else may do what is named and nothing besides. */
  record Only(Set<String> permissions) implements Rights {
    public Only {
      permissions = Set.copyOf(permissions);
    }

    @Override
    public boolean include(String permission) {
      return permissions.contains(permission);
    }
  }
}
