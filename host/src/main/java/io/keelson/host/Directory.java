package io.keelson.host;

import java.util.Optional;
import java.util.Set;

/**
 * A service outside that knows users and groups. Every question blocks until the service answers,
 * or until the time for it is over, and raises {@link DirectoryException}: UNREACHABLE,
 * WRONG_CREDENTIALS or DENIED of the account that the questions are asked with, FAILED.
 */
public interface Directory {

  /** Finds out whether questions can be asked at all; raises INVALID too. */
  void probe();

  /**
   * Whom a name and a password belong to. How the account stands is the caller's to judge. Raises
   * REFUSED, whether there is no such user or the password is wrong.
   *
   * @param name {@code user}, {@code user@domain} or {@code DOMAIN\\user}
   */
  DirectoryEntry authenticate(String name, String password);

  /** The user of a name, or else the group. */
  Optional<DirectoryEntry> byName(String name);

  Optional<DirectoryEntry> byIdentifier(String identifier);

  /**
   * Identifiers of the groups that a user or a group is in, directly or through other groups.
   * Groups that are in each other are met once. Raises NOT_FOUND.
   */
  Set<String> groups(String identifier);
}
