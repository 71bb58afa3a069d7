/**
 * File transfers over HTTP: each is followed by a task, the client's own or a new one, can be
 * cancelled through it, and keeps no more than a few buffers in memory whatever its size.
 */
@NullMarked
package io.keelson.server.transfer;

import org.jspecify.annotations.NullMarked;
