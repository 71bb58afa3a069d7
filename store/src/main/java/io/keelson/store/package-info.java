/**
 * The pool's objects: immutable tables in memory behind one reference, changed by transactions that
 * are durable in a journal before they are acknowledged.
 */
@NullMarked
package io.keelson.store;

import org.jspecify.annotations.NullMarked;
