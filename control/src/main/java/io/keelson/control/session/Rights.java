package io.keelson.control.session;

import java.util.Set;

/** What a session may do. */
public sealed interface Rights {

  boolean include(String permission);

  static Rights of(Identity identity) {
    return switch (identity) {
      case Identity.Superuser _ -> new Everything();
      case Identity.DirectoryUser user -> new Only(Set.copyOf(user.permissions()));
    };
  }

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
