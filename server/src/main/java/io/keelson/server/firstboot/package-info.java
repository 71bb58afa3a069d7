/**
 * The objects that every pool has: made at the first start, and brought up to date with the machine
 * at each later one.
 */
@NullMarked
package io.keelson.server.firstboot;

import org.jspecify.annotations.NullMarked;
