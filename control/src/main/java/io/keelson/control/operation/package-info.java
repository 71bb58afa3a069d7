/**
 * Long operations in three visible steps: claim (one transaction that checks the rules and marks
 * the objects), act (work on the host, no lock held), settle (one transaction with the outcome).
 */
@NullMarked
package io.keelson.control.operation;

import org.jspecify.annotations.NullMarked;
