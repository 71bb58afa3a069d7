/**
 * What a call means: sessions, gate, tasks, rules and the handlers of messages, one package a
 * subject.
 */
@NullMarked
package io.keelson.control;

import org.jspecify.annotations.NullMarked;
