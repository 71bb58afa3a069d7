package io.keelson.host.directory;

import java.util.Optional;

/**
 * A name that somebody logs in with.
 *
 * @param login all of it, as it was given; of {@code DOMAIN\\user} in the form {@code user@domain}
 * @param name the user's part of it
 */
record LoginName(String login, String name) {

  /**
   * Takes a name apart. A domain that is not this directory's stays part of the name after
   * {@code @}, where directories have names of that form themselves, and names nobody before a
   * backslash.
   *
   * @param domain of the directory; its first label stands for it as well, as in {@code
   *     EXAMPLE\\user}
   */
  static Optional<LoginName> of(String text, String domain) {
    int backslash = text.indexOf('\\');
    if (backslash >= 0) {
      String name = text.substring(backslash + 1);
      return isDomain(text.substring(0, backslash), domain) && !name.isEmpty()
          ? Optional.of(new LoginName(name + "@" + domain, name))
          : Optional.empty();
    }
    int at = text.lastIndexOf('@');
    if (at > 0 && isDomain(text.substring(at + 1), domain)) {
      return Optional.of(new LoginName(text, text.substring(0, at)));
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(new LoginName(text, text));
  }

  private static boolean isDomain(String text, String domain) {
    int dot = domain.indexOf('.');
    return text.equalsIgnoreCase(domain)
        || (dot > 0 && text.equalsIgnoreCase(domain.substring(0, dot)));
  }
}
