/**
 * Who is logged in and what they may do: sessions, passwords, rights, and the permissions that
 * roles are made of.
 */
@NullMarked
package io.keelson.control.session;

import org.jspecify.annotations.NullMarked;
