/** Directories of users and groups: LDAP, and Active Directory over LDAP. */
@NullMarked
package io.keelson.host.directory;

import org.jspecify.annotations.NullMarked;
