/** Tests of protection. */
@NullMarked
package io.keelson.control.protection;

import org.jspecify.annotations.NullMarked;
