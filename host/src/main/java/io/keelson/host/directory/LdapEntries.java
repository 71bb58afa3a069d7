package io.keelson.host.directory;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.keelson.host.DirectoryEntry;
import io.keelson.host.DirectoryEntry.Standing;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Entries of an LDAP directory as users and groups. */
final class LdapEntries {
  static final String PRIMARY_GROUP = "primaryGroupID";

  private static final Set<String> GROUP_CLASSES =
      Set.of("group", "groupofnames", "groupofuniquenames", "posixgroup");
  private static final List<String> ASKED =
      List.of(
          "objectClass",
          "cn",
          "uid",
          "displayName",
          "gecos",
          "description",
          "mail",
          "uidNumber",
          "gidNumber",
          "sAMAccountName",
          "userPrincipalName",
          PRIMARY_GROUP);

  private final LdapSettings settings;
  private final AccountStanding standing;
  private final String[] attributes;

  LdapEntries(LdapSettings settings, Clock clock) {
    this.settings = settings;
    this.standing = new AccountStanding(settings.activeDirectory(), clock);
    this.attributes =
        Stream.of(ASKED, AccountStanding.ASKED, List.of(settings.identifier(), settings.name()))
            .flatMap(List::stream)
            .distinct()
            .toArray(String[]::new);
  }

  /** What has to be asked for. */
  String[] attributes() {
    return attributes.clone();
  }

  /** Empty for an entry that nothing identifies. */
  Optional<String> identifier(SearchResultEntry entry) {
    return settings.activeDirectory()
        ? Optional.ofNullable(entry.getAttributeValueBytes(settings.identifier()))
            .flatMap(SecurityIdentifier::text)
        : value(entry, settings.identifier());
  }

  /** Empty for what cannot be an identifier here. */
  Optional<Filter> identifierFilter(String identifier) {
    if (settings.activeDirectory()) {
      return SecurityIdentifier.bytes(identifier)
          .map(bytes -> Filter.createEqualityFilter(settings.identifier(), bytes));
    }
    return identifier.isEmpty()
        ? Optional.empty()
        : Optional.of(Filter.createEqualityFilter(settings.identifier(), identifier));
  }

  Optional<DirectoryEntry> read(SearchResultEntry entry) {
    return identifier(entry).map(id -> read(entry, id));
  }

  private DirectoryEntry read(SearchResultEntry entry, String id) {
    boolean group =
        Stream.of(entry.getObjectClassValues())
            .anyMatch(c -> GROUP_CLASSES.contains(c.toLowerCase(Locale.ROOT)));
    String name =
        value(entry, settings.name()).or(() -> value(entry, "cn")).orElseGet(entry::getDN);
    Standing stands = group ? Standing.GOOD : standing.of(entry);
    return new DirectoryEntry(id, name, group, stands, facts(entry, id, name, group, stands));
  }

  /** By the names that the reference's clients look for; the first is the one it promises. */
  private Map<String, String> facts(
      SearchResultEntry entry, String id, String name, boolean group, Standing stands) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("subject_name", name);
    facts.put("subject-name", name);
    facts.put("subject-sid", id);
    facts.put("subject-is-group", Boolean.toString(group));
    facts.put(
        "subject-displayname",
        value(entry, "displayName").or(() -> value(entry, "cn")).orElse(name));
    put(facts, "subject-gecos", value(entry, "gecos").or(() -> value(entry, "description")));
    put(facts, "subject-upn", value(entry, "userPrincipalName").or(() -> value(entry, "mail")));
    put(facts, "subject-uid", value(entry, "uidNumber"));
    put(facts, "subject-gid", value(entry, "gidNumber"));
    if (!group) {
      facts.put("subject-account-disabled", Boolean.toString(stands == Standing.DISABLED));
      facts.put("subject-account-locked", Boolean.toString(stands == Standing.LOCKED));
      facts.put("subject-account-expired", Boolean.toString(stands == Standing.EXPIRED));
      facts.put("subject-password-expired", Boolean.toString(stands == Standing.PASSWORD_EXPIRED));
    }
    return facts;
  }

  private static void put(Map<String, String> facts, String key, Optional<String> value) {
    value.ifPresent(v -> facts.put(key, v));
  }

  private static Optional<String> value(SearchResultEntry entry, String attribute) {
    return Optional.ofNullable(entry.getAttributeValue(attribute)).filter(v -> !v.isEmpty());
  }
}
