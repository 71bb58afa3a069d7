package io.keelson.host.directory;

import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How an LDAP directory is asked.
 *
 * @param domain that names may be qualified with
 * @param servers to try in this order; none means those that DNS names for the domain
 * @param base below which users and groups are; empty means the directory's own
 * @param startTls whether a plain connection is made confidential before anything is said
 * @param authorities certificates, in PEM, of who may vouch for the servers; empty means the usual
 * @param verify whether the servers must prove who they are
 */
record LdapSettings(
    boolean activeDirectory,
    String domain,
    List<Server> servers,
    Optional<String> base,
    Optional<Account> account,
    boolean startTls,
    String authorities,
    boolean verify,
    Duration timeout,
    String userFilter,
    String groupFilter,
    String identifier,
    String name,
    List<String> members) {
  private static final Set<String> KNOWN =
      Set.of(
          "url",
          "domain",
          "base",
          "user",
          "pass",
          "tls",
          "ca",
          "verify",
          "timeout",
          "user_filter",
          "group_filter",
          "identifier_attribute",
          "name_attribute",
          "member_attributes");

  /** What scripts give for joining a domain, which is not needed to ask it. */
  private static final Set<String> OF_JOINING = Set.of("ou", "disable_modules");

  /** Where a server listens. */
  record Server(String host, int port, boolean tls) {}

  /** Whom questions are asked as. */
  record Account(String name, String password) {
    @Override
    public String toString() {
      return "Account[" + name + "]";
    }
  }

  static LdapSettings read(Schema schema, String service, Map<String, String> given) {
    Set<String> unknown = new HashSet<>(given.keySet());
    unknown.removeAll(KNOWN);
    if (schema.activeDirectory()) {
      unknown.removeAll(OF_JOINING);
    }
    if (!unknown.isEmpty()) {
      throw invalid("unknown: " + String.join(", ", unknown));
    }
    String domain = given.getOrDefault("domain", service);
    List<Server> servers = servers(given.getOrDefault("url", ""));
    if (servers.isEmpty() && !schema.activeDirectory()) {
      throw invalid("url is needed: ldap://server or ldaps://server");
    }
    return new LdapSettings(
        schema.activeDirectory(),
        domain,
        servers,
        text(given, "base"),
        text(given, "user")
            .map(user ->
                new Account(
                    schema.activeDirectory() ? principal(user, domain) : user,
                    given.getOrDefault("pass", ""))),
        switch (given.getOrDefault("tls", "starttls")) {
          case "starttls" -> true;
          case "none" -> false;
          default -> throw invalid("tls is starttls or none");
        },
        given.getOrDefault("ca", ""),
        switch (given.getOrDefault("verify", "yes")) {
          case "yes" -> true;
          case "no" -> false;
          default -> throw invalid("verify is yes or no");
        },
        seconds(given.getOrDefault("timeout", "10")),
        given.getOrDefault("user_filter", schema.userFilter()),
        given.getOrDefault("group_filter", schema.groupFilter()),
        given.getOrDefault("identifier_attribute", schema.identifier()),
        given.getOrDefault("name_attribute", schema.name()),
        text(given, "member_attributes").map(LdapSettings::words).orElse(schema.members()));
  }

  private static Optional<String> text(Map<String, String> given, String key) {
    return Optional.ofNullable(given.get(key)).filter(t -> !t.isBlank());
  }

  /** Active Directory takes a name with its domain, or a distinguished name, and no bare name. */
  private static String principal(String user, String domain) {
    return Stream.of("@", "\\", "=").anyMatch(user::contains) ? user : user + "@" + domain;
  }

  private static List<String> words(String text) {
    return Stream.of(text.split("[\\s,]+")).filter(w -> !w.isEmpty()).toList();
  }

  private static List<Server> servers(String urls) {
    List<Server> servers = new ArrayList<>();
    for (String url : words(urls)) {
      try {
        URI uri = new URI(url);
        boolean tls = "ldaps".equals(uri.getScheme());
        if (uri.getHost() == null || !(tls || "ldap".equals(uri.getScheme()))) {
          throw invalid("not ldap://server or ldaps://server: " + url);
        }
        int usual = tls ? 636 : 389;
        servers.add(
            new Server(
                uri.getHost().replaceAll("[\\[\\]]", ""),
                uri.getPort() < 0 ? usual : uri.getPort(),
                tls));
      } catch (URISyntaxException _) {
        throw invalid("not ldap://server or ldaps://server: " + url);
      }
    }
    return List.copyOf(servers);
  }

  private static Duration seconds(String text) {
    if (!text.matches("[1-9]\\d?")) {
      throw invalid("timeout is 1 to 99 seconds");
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  private static DirectoryException invalid(String why) {
    return new DirectoryException(Reason.INVALID, why);
  }
}
