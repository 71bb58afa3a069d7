/** What rules of all subjects have in common. */
@NullMarked
package io.keelson.control.rules;

import org.jspecify.annotations.NullMarked;
