package io.keelson.control.session;

import io.keelson.api.Ref;
import io.keelson.api.model.Subject;
import io.keelson.api.model.User;
import java.util.List;

/** Whom a password, or a directory, has shown a caller to be. */
public sealed interface Identity {

  /** Name for limits and logs. */
  String name();

  /** An account of this host with every right. */
  record Superuser(Ref<User> user, String name) implements Identity {}

  /**
   * A user of an external directory.
   *
   * @param subject the entry that admits the user, or a group the user is in
   * @param identifier of the user in the directory
   * @param admittedBy identifiers of all entries that admit the user
   * @param permissions of the entries' roles
   */
  record DirectoryUser(
      Ref<Subject> subject,
      String name,
      String identifier,
      List<String> admittedBy,
      List<String> permissions)
      implements Identity {}
}
