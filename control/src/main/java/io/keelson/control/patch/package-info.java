/**
 * Patches of hosts: archives that somebody whom the operator believes has signed, with a program
 * that puts them in force.
 */
@NullMarked
package io.keelson.control.patch;

import org.jspecify.annotations.NullMarked;
