package io.keelson.host.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory that is asked over LDAP. */
final class LdapDirectory implements Directory {
  private static final Logger LOG = LoggerFactory.getLogger(LdapDirectory.class);

  private final LdapSettings settings;
  private final LdapConnections connections;
  private final LdapEntries entries;

  LdapDirectory(LdapSettings settings, LdapConnections connections) {
    this.settings = settings;
    this.connections = connections;
    this.entries = new LdapEntries(settings, Clock.systemUTC());
  }

  /** A question, with the connection it is asked on. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(LDAPConnection connection) throws LDAPException;
  }

  private <T> T ask(Question<T> question) {
    try (LDAPConnection connection = connections.open()) {
      return question.ask(connection);
    } catch (LDAPException e) {
      throw LdapFaults.of(e);
    }
  }

  @Override
  public void probe() {
    SearchResultEntry _ =
        ask(connection -> {
          String base = base(connection);
          SearchResultEntry entry = connection.getEntry(base, SearchRequest.NO_ATTRIBUTES);
          if (entry == null) {
            throw new DirectoryException(Reason.INVALID, "nothing can be seen at " + base);
          }
          List<SearchResultEntry> _ = search(connection, userFilter(new LoginName("x", "x")), 1);
          List<SearchResultEntry> _ = search(connection, groupFilter("x"), 1);
          return entry;
        });
  }

  @Override
  public DirectoryEntry authenticate(String name, String password) {
    Supplier<DirectoryException> refused =
        () -> new DirectoryException(Reason.REFUSED, "wrong user name or password");
    return ask(connection -> {
      LoginName login = LoginName.of(name, settings.domain()).orElseThrow(refused);
      SearchResultEntry user = only(connection, userFilter(login)).orElseThrow(refused);
      connections.prove(user.getDN(), password);
      // How the account stands may be another thing after the proof.
      return Optional.ofNullable(connection.getEntry(user.getDN(), entries.attributes()))
          .flatMap(entries::read)
          .orElseThrow(refused);
    });
  }

  @Override
  public Optional<DirectoryEntry> byName(String name) {
    Optional<LoginName> login = LoginName.of(name, settings.domain());
    return login.flatMap(it ->
        ask(connection -> {
          Optional<SearchResultEntry> user = only(connection, userFilter(it));
          return (user.isPresent() ? user : only(connection, groupFilter(it.name())))
              .flatMap(entries::read);
        }));
  }

  @Override
  public Optional<DirectoryEntry> byIdentifier(String identifier) {
    return ask(connection -> find(connection, identifier).flatMap(entries::read));
  }

  @Override
  public Set<String> groups(String identifier) {
    return ask(connection -> {
      SearchResultEntry start =
          find(connection, identifier)
              .orElseThrow(() ->
                  new DirectoryException(Reason.NOT_FOUND, "nobody has identifier " + identifier));
      Optional<SearchResultEntry> primary = primaryGroup(connection, start, identifier);
      return new GroupClosure(
              settings, entries, filter -> search(connection, filter, GroupClosure.MOST))
          .of(start, primary);
    });
  }

  /** The group that Active Directory does not list the user in, as everybody has one. */
  private Optional<SearchResultEntry> primaryGroup(
      LDAPConnection connection, SearchResultEntry entry, String identifier) throws LDAPException {
    String last = entry.getAttributeValue(LdapEntries.PRIMARY_GROUP);
    return settings.activeDirectory() && last != null
        ? find(connection, SecurityIdentifier.sibling(identifier, last))
        : Optional.empty();
  }

  private Optional<SearchResultEntry> find(LDAPConnection connection, String identifier)
      throws LDAPException {
    Optional<Filter> filter = entries.identifierFilter(identifier);
    return filter.isPresent() ? only(connection, filter.get()) : Optional.empty();
  }

  /** What several entries answer to names nobody. */
  private Optional<SearchResultEntry> only(LDAPConnection connection, Filter filter)
      throws LDAPException {
    List<SearchResultEntry> found = search(connection, filter, 2);
    if (found.size() > 1) {
      LOG.warn("several entries of the directory answer to {}", filter);
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private List<SearchResultEntry> search(LDAPConnection connection, Filter filter, int most)
      throws LDAPException {
    SearchRequest request =
        new SearchRequest(base(connection), SearchScope.SUB, filter, entries.attributes());
    request.setSizeLimit(most);
    request.setTimeLimitSeconds(Math.toIntExact(settings.timeout().toSeconds()));
    try {
      return connection.search(request).getSearchEntries();
    } catch (LDAPSearchException e) {
      if (most <= 2 && e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return e.getSearchEntries();
      }
      throw e;
    }
  }

  private Filter userFilter(LoginName login) throws LDAPException {
    return filter(settings.userFilter(), login);
  }

  private Filter groupFilter(String name) throws LDAPException {
    return filter(settings.groupFilter(), new LoginName(name, name));
  }

  /** Whatever is in a name means itself and is no part of the filter. */
  private static Filter filter(String template, LoginName login) throws LDAPException {
    return Filter.create(
        template
            .replace("{name}", Filter.encodeValue(login.name()))
            .replace("{login}", Filter.encodeValue(login.login())));
  }

  /** What the settings say, or what the directory says of itself. */
  private String base(LDAPConnection connection) throws LDAPException {
    if (settings.base().isPresent()) {
      return new DN(settings.base().get()).toString();
    }
    var root = Optional.ofNullable(connection.getRootDSE());
    return root.flatMap(r -> Optional.ofNullable(r.getAttributeValue("defaultNamingContext")))
        .or(() ->
            root.flatMap(r -> Optional.ofNullable(r.getNamingContextDNs()))
                .flatMap(
                    contexts -> Stream.of(contexts).findFirst().filter(_ -> contexts.length == 1)))
        .orElseThrow(() ->
            new DirectoryException(Reason.INVALID, "base is needed: the directory names none"));
  }
}
