package io.keelson.host.directory;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The groups that somebody is in, at any depth, asked for level by level. Each is asked for once,
 * so that it ends where groups are in each other.
 */
final class GroupClosure {
  /** More groups than this are taken for a mistake, and nobody is let in by a part of them. */
  static final int MOST = 5_000;

  private static final int ASKED_AT_ONCE = 50;
  private static final String BY_USER_NAME = "memberUid";

  private final LdapSettings settings;
  private final LdapEntries entries;
  private final Search search;

  /** Finds entries. */
  @FunctionalInterface
  interface Search {
    List<SearchResultEntry> entries(Filter filter) throws LDAPException;
  }

  GroupClosure(LdapSettings settings, LdapEntries entries, Search search) {
    this.settings = settings;
    this.entries = entries;
    this.search = search;
  }

  /**
   * @param primary a group that the user is in without being listed
   */
  Set<String> of(SearchResultEntry user, Optional<SearchResultEntry> primary) throws LDAPException {
    Set<String> found = new LinkedHashSet<>();
    Set<String> met = new HashSet<>();
    Deque<SearchResultEntry> open = new ArrayDeque<>();
    met.add(user.getParsedDN().toNormalizedString());
    open.add(user);
    if (primary.isPresent()) {
      meet(primary.get(), found, met, open);
    }
    while (!open.isEmpty()) {
      List<Filter> asked = new ArrayList<>();
      for (int i = 0; i < ASKED_AT_ONCE && !open.isEmpty(); i++) {
        asked.addAll(holding(open.remove()));
      }
      for (SearchResultEntry group : search.entries(Filter.createORFilter(asked))) {
        meet(group, found, met, open);
      }
    }
    return found;
  }

  private void meet(
      SearchResultEntry group, Set<String> found, Set<String> met, Deque<SearchResultEntry> open)
      throws LDAPException {
    if (met.add(group.getParsedDN().toNormalizedString())) {
      entries.identifier(group).ifPresent(found::add);
      open.add(group);
      if (met.size() > MOST) {
        throw new DirectoryException(Reason.FAILED, "in more than " + MOST + " groups");
      }
    }
  }

  private List<Filter> holding(SearchResultEntry member) {
    List<Filter> filters = new ArrayList<>();
    for (String attribute : settings.members()) {
      if (!attribute.equalsIgnoreCase(BY_USER_NAME)) {
        filters.add(Filter.createEqualityFilter(attribute, member.getDN()));
      } else if (member.hasAttribute(settings.name())) {
        filters.add(
            Filter.createEqualityFilter(attribute, member.getAttributeValue(settings.name())));
      }
    }
    return filters;
  }
}
