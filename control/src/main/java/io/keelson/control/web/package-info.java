/** Requests to other machines over HTTP, at the wish of callers, and what they answer. */
@NullMarked
package io.keelson.control.web;

import org.jspecify.annotations.NullMarked;
