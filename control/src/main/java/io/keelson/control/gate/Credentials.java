package io.keelson.control.gate;

/** By what a request that is no call of a message says who it comes from. */
public sealed interface Credentials {
  /** A session's reference, from a cookie or the query. */
  record SessionReference(String ref) implements Credentials {}

  /** Nothing: the system vouches for the caller. A session is opened for the request alone. */
  record Administrator() implements Credentials {}

  /** HTTP's basic authentication: a session is opened for the request alone. */
  record NameAndPassword(String name, String password) implements Credentials {
    @Override
    public String toString() {
      return "NameAndPassword[" + name + "]";
    }
  }
}
