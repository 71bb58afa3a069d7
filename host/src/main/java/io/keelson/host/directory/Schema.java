package io.keelson.host.directory;

import java.util.List;

/**
 * Where a kind of directory keeps what: the defaults of its settings.
 *
 * @param userFilter which entries are users of a name
 * @param groupFilter which are groups of a name
 * @param identifier attribute that identifies users and groups
 * @param name attribute with the name that people log in with
 * @param members attributes of groups that name members
 */
record Schema(
    boolean activeDirectory,
    String userFilter,
    String groupFilter,
    String identifier,
    String name,
    List<String> members) {
  static final Schema LDAP =
      new Schema(
          false,
          "(&(|(objectClass=inetOrgPerson)(objectClass=posixAccount)(objectClass=account))"
              + "(uid={name}))",
          "(&(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))"
              + "(cn={name}))",
          "entryUUID",
          "uid",
          List.of("member", "uniqueMember", "memberUid"));

  static final Schema ACTIVE_DIRECTORY =
      new Schema(
          true,
          "(&(objectClass=user)(!(objectClass=computer))"
              + "(|(sAMAccountName={name})(userPrincipalName={login})))",
          "(&(objectClass=group)(sAMAccountName={name}))",
          "objectSid",
          "sAMAccountName",
          List.of("member"));
}
