/**
 * The pool's database on disks: copies of it that are kept in repositories, sessions that show such
 * a copy, and how VMs are recovered from one.
 */
@NullMarked
package io.keelson.control.database;

import org.jspecify.annotations.NullMarked;
