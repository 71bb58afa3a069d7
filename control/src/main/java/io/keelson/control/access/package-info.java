/** Who may do what: roles and their permissions, subjects of the directory, accounts, secrets. */
@NullMarked
package io.keelson.control.access;

import org.jspecify.annotations.NullMarked;
