package io.keelson.control.session;

/** The users of a directory outside, as far as logging in is concerned. */
public interface ExternalUsers {

  /** Whether there is a directory. */
  boolean enabled();

  /** Whom a name and a password belong to; blocks until the directory has answered. */
  Answer authenticate(String name, String password);

  /** What the directory, and the pool's subjects, say. */
  sealed interface Answer {}

  /** The user may log in. */
  record Known(Identity.DirectoryUser user) implements Answer {}

  /** Name or password is wrong. */
  record Wrong() implements Answer {}

  /** Nothing was guessed wrong, and the user is not let in all the same. */
  record NotAdmitted(String why) implements Answer {}
}
